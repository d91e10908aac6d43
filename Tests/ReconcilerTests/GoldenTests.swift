import TestSupport
import Testing

/// What commands print about one change, byte for byte, in every form. `WRIT_RECORD=1 swift test --filter GoldenTests`
/// records it anew.
@Suite("Output forms, byte for byte")
struct GoldenTests {
    private static func manifest(_ kind: String, _ name: String, _ spec: String, _ metadata: String = "") -> String {
        "apiVersion: writ/v1\nkind: \(kind)\nmetadata: {name: \(name)\(metadata)}\nspec:\n"
            + spec.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    private static let base = [
        "people.yaml": manifest("User", "ada", "displayName: Ada") + "---\n"
            + manifest("User", "ben", "displayName: Ben") + "---\n" + manifest("User", "cy", "displayName: Cy"),
        "openai.yaml": manifest("Provider", "openai", "type: openai\napiKey: {env: OPENAI_API_KEY}"),
        "persona.md": "You are the desk.\nYou are brief.\nYou name your sources.\n",
        "agents/brief.yaml": manifest(
            "Agent", "brief",
            """
            owner: ada
            persona: {file: ../persona.md}
            model: {provider: openai, name: small}
            systemPrompt: Write the brief.
            tools: [news]
            limits: {maxSteps: 4, timeout: 2m}
            """),
        "agents/triage.yaml": manifest(
            "Agent", "triage",
            """
            persona: {file: ../persona.md}
            model: {provider: openai, name: small}
            systemPrompt: Sort what comes in.
            """),
        "tools/news.yaml": manifest(
            "Tool", "news", "description: Searches.\nhttp: {url: 'https://news.example.com/v1?q={{query}}'}"),
        "triggers/morning.yaml": manifest(
            "Trigger", "morning",
            "agent: brief\nschedule: {cron: 30 2 * * *, timeZone: Europe/Berlin}\ninput: Write the brief of the day."),
        "triggers/noon.yaml": manifest("Trigger", "noon", "agent: brief\nschedule: {cron: 0 12 * * *}"),
        "triggers/on-push.yaml": manifest(
            "Trigger", "on-push",
            "agent: triage\nwebhook: {source: github, secret: {env: PUSH_SECRET}, events: [push]}"),
    ]

    /// Of each sort of change one.
    private static let change: [String: String?] = [
        "people.yaml": manifest("User", "ada", "displayName: Ada") + "---\n"
            + manifest("User", "ben", "displayName: Ben"),
        "persona.md": "You are the desk.\nYou are brief and kind.\nYou name your sources.\n",
        "agents/brief.yaml": nil,
        "brief.yaml": manifest(
            "Agent", "brief",
            """
            owner: ada
            persona: {file: persona.md}
            model: {provider: openai, name: small}
            systemPrompt: Write the brief.
            tools: [news, {name: publish, approval: required}]
            limits: {maxSteps: 6, timeout: 2m}
            """),
        "agents/triage.yaml": manifest(
            "Agent", "triage",
            """
            persona: {file: ../persona.md}
            model: {provider: openai, name: small}
            systemPrompt: Sort what comes in.
            tools: [publish]
            """),
        "tools/publish.yaml": manifest(
            "Tool", "publish",
            """
            description: Publishes a text.
            effect: write
            http: {method: POST, url: 'https://cms.example.com/posts', auth: {bearer: {env: CMS_TOKEN}}}
            """),
        "triggers/morning.yaml": manifest(
            "Trigger", "dawn",
            "agent: brief\nschedule: {cron: 30 3 * * *, timeZone: Europe/Berlin}\ninput: Write the brief of the day."),
        "triggers/noon.yaml": nil,
    ]

    private static let mistakes: [String: String?] = [
        "agents/triage.yaml": manifest(
            "Agent", "triage", "model: {provider: opneai, nmae: small}\nsystemPrompt: Hi\nlimits: {maxSteps: many}"),
        "broken.yaml": "spec: [\n",
    ]

    private static let forms = ["text", "json", "markdown", "github", "sarif"]

    private func desk() throws -> Fleet {
        let desk = try Fleet(Self.base)
        try desk.commit(Self.change)
        return desk
    }

    @Test(arguments: forms) func `a change between two commits`(form: String) async throws {
        let result = try await desk().writ(
            "diff", "HEAD^..HEAD", "--at", "2026-03-27T10:00:00Z", "-o", form, "--fail-on", "new-reach")
        #expect(result.status == 1, "\(result)")
        #expect(result.stderr.hasPrefix("Refused by --fail-on new-reach: "), "\(result)")
        try compare(result.stdout, with: "diff.\(form).golden")
    }

    @Test(arguments: forms) func `a plan against what is applied`(form: String) async throws {
        let desk = try desk()
        let before = try await desk.writ("apply", "--rev", "HEAD^")
        #expect(before.status == 0, "\(before)")
        let result = try await desk.writ("plan", "--at", "2026-03-27T10:00:00Z", "-o", form)
        #expect(result.status == 0 && result.stderr.isEmpty, "\(result)")
        try compare(result.stdout, with: "plan.\(form).golden")
    }

    @Test(arguments: forms) func `mistakes in a commit`(form: String) async throws {
        let desk = try desk()
        try desk.commit(Self.mistakes)
        let result = try await desk.writ("validate", "--rev", "HEAD", "-o", form)
        #expect(result.status == 1, "\(result)")
        try compare(result.stdout, with: "validate.\(form).golden")
    }

    private func compare(_ text: String, with name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let recorded = try Golden.recorded(name, anew: text)
        #expect(text == recorded, "WRIT_RECORD=1 records it anew", sourceLocation: sourceLocation)
    }
}
