import Spec
import Values

/// What `writ init` writes: one agent, one schedule, and the embedded replay provider, so that it runs at once;
/// and what editors need to help with the manifests.
enum StarterFiles {
    static let all: [String: String] = [
        "schemas/writ.schema.json": JSONSchemaWriter.manifest().prettyText + "\n",
        "schemas/settings.schema.json": JSONSchemaWriter.settings().prettyText + "\n",
        "writ.yaml": """
        # yaml-language-server: $schema=schemas/settings.schema.json
        # How this repository is read. Every other *.yaml is a manifest: `writ schema` describes them.
        exclude: [drafts/**]

        """,
        "agents/greeter.yaml": """
        # yaml-language-server: $schema=../schemas/writ.schema.json
        apiVersion: writ/v1
        kind: Agent
        metadata:
          name: greeter
        spec:
          description: Says good morning.
          model: {provider: replay, name: recorded}
          systemPrompt: {file: ../prompts/greeter.md}

        """,
        "prompts/greeter.md": """
        You greet people in one friendly sentence.

        """,
        "providers/replay.yaml": """
        # yaml-language-server: $schema=../schemas/writ.schema.json
        # Answers from a recording: no key, no network. For a real model:
        #   type: openai
        #   apiKey: {env: OPENAI_API_KEY}
        apiVersion: writ/v1
        kind: Provider
        metadata:
          name: replay
        spec:
          type: replay
          transcripts: ../transcripts/greeter.jsonl

        """,
        "transcripts/greeter.jsonl": """
        {"agent":"greeter","step":1,"message":{"content":"Good morning! (recorded answer)"},"usage":{"input":20,"output":6}}

        """,
        "triggers/every-morning.yaml": """
        # yaml-language-server: $schema=../schemas/writ.schema.json
        apiVersion: writ/v1
        kind: Trigger
        metadata:
          name: every-morning
        spec:
          agent: greeter
          schedule: {cron: "0 8 * * mon-fri", timeZone: Europe/Berlin}
          input: It is {{receivedAt}}. Greet the team.

        """,
    ]
}
