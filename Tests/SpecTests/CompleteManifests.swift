/// Every field of every kind at least once, each with a value that is not its default, in the form of `MarkedText`.
enum CompleteManifests {
    static let text =
        Parts.all + agents + tools + httpTools + triggers + webhookTriggers + others + channels + """
            === prompts/greeting.md ===
            Hello {{payload.name}}.
            === transcripts/answers.jsonl ===
            {"agent":"brief","step":1,"message":{"content":"Hello."}}

            """

    private static let agents = """
        === full/agent.yaml ===
        apiVersion: writ/v1
        kind: Agent
        metadata:
          name: full
          labels: {team: research, example.com/tier: gold}
          annotations: {note: 'anything: at all'}
          protect: true
          renamedFrom: former
        spec:
          description: All fields.
          owner: ada
          suspend: true
          persona: {file: ../prompts/greeting.md}
          model:
            provider: openai
            name: large
            temperature: 0.2
            topP: 0.9
            topK: 40
            maxOutputTokens: 800
            stop: [END]
            seed: -7
          systemPrompt: {file: ../prompts/greeting.md}
          tools: [search, {name: full-http, approval: required}]
          output: {schema: {type: object, properties: {n: {type: integer}}}}
          session: {key: '{{payload.thread}}', window: 5}
          limits: {maxSteps: 8, timeout: 2m, maxTokens: 9000, dailyTokens: 90000, concurrency: 2, queue: 50}
        === full/agent-prompt.yaml: Agent full-prompt ===
        model: {provider: openai, name: large}
        prompt: house

        """

    private static let tools = """
        === full/tool-mcp-command.yaml: Tool full-mcp-command ===
        description: A program.
        suspend: true
        approval: required
        effect: write
        idempotent: true
        cache: {ttl: 1h}
        rateLimit: {requests: 10, per: 1m}
        timeout: 10s
        limits: {concurrency: 2, queue: 50}
        mcp: {command: [server, --stdio], env: {TOKEN: {env: TOKEN}, MODE: quiet}, tools: [look]}
        === full/tool-mcp-url.yaml: Tool full-mcp-url ===
        description: A server.
        mcp: {url: https://example.com/mcp, headers: {X-Key: {file: key}}}
        === full/tool-agent.yaml: Tool full-agent ===
        description: Another agent.
        agent: brief
        === full/tool-builtin.yaml: Tool full-builtin ===
        description: Brought along.
        builtin: {name: fetch-page}

        """

    private static let httpTools = """
        === full/tool-http.yaml: Tool full-http ===
        description: A request.
        parameters: {type: object, properties: {q: {type: string}}, required: [q]}
        http:
          method: POST
          url: https://example.com/find/{{q}}
          headers: {Accept: application/json, X-Key: {env: KEY}}
          query: {q: '{{q}}'}
          body: {text: '{{q}}', n: 1, deep: [true, null, {a: '{{q}}'}]}
          auth: {bearer: {env: KEY}}
          allowPrivateNetworks: true
        === full/tool-basic.yaml: Tool full-basic ===
        description: A request.
        http:
          url: https://example.com/
          body: '{"q": {{q}}}'
          auth: {basic: {username: ada, password: {env: PASSWORD}}}
        === full/tool-header.yaml: Tool full-header ===
        description: A request.
        http: {url: https://example.com/, auth: {header: {name: X-Key, value: {file: keys/one}}}}

        """

    private static let triggers = """
        === full/schedule.yaml: Trigger full-schedule ===
        description: In the morning.
        suspend: true
        agent: brief
        schedule:
          cron: 0 9 * * mon-fri
          timeZone: Europe/Berlin
          concurrencyPolicy: Replace
          catchUp: all
          catchUpWindow: 2h
          jitter: 30s
        input: Good morning.
        deliver: [ops]
        retry: {maxAttempts: 5, backoff: 1m}
        priority: -3
        === full/on.yaml: Trigger full-on ===
        tool: search
        on: {event: run.failed, agent: brief}

        """

    private static let webhookTriggers = """
        === full/github.yaml: Trigger full-github ===
        agent: brief
        webhook:
          source: github
          repository: website
          events: [pull_request.opened, push]
          secret: [{env: NEW}, {env: OLD}]
        match:
          - {path: payload.action, equals: opened}
          - {path: payload.number, in: [1, two, null]}
          - {path: payload.title, matches: '^fix'}
          - {path: payload.draft, exists: false}
        === full/generic.yaml: Trigger full-generic ===
        agent: brief
        webhook:
          source: generic
          secret: {file: generic}
          signature: {header: X-Sum, algorithm: sha512, prefix: 'v0=', encoding: base64}
          idHeader: X-Id
          eventHeader: X-Name
          rateLimit: {requests: 10, per: 1s}
        === full/telegram-bot.yaml: Trigger full-telegram-bot ===
        agent: brief
        webhook: {source: telegram, events: [message], secret: {env: A}, manage: true, token: {env: TELEGRAM}}
        === full/bearer.yaml: Trigger full-bearer ===
        agent: brief
        webhook: {source: generic, secret: {env: A}, bearer: true}

        """

    private static let others = """
        === full/repository.yaml: Repository full ===
        url: ssh://git@git.example.com/example/website.git
        provider: git
        defaultBranch: trunk
        credentials: {env: GIT_TOKEN}
        webhook: {events: [push], secret: {env: HOOK}, rateLimit: {requests: 10, per: 1s}}
        tasks: {path: tasks.json}
        === full/repository-github.yaml: Repository full-github ===
        url: https://github.com/example/shop
        credentials: {env: GITHUB_TOKEN}
        webhook: {events: [push], secret: {env: HOOK}, manage: true}
        === full/user.yaml: User full ===
        displayName: Ada Example
        email: ada@example.com
        role: admin
        identities: {github: ada, google: ada@example.com}
        suspend: true
        === full/team.yaml: Team full ===
        description: Research.
        owner: ada
        members: [ada, full]
        agents: [brief]
        === full/provider.yaml: Provider full ===
        type: anthropic
        baseURL: https://models.example.com/v1
        apiKey: {env: API_KEY}
        concurrency: 2
        timeout: 30s
        headers: {X-Team: research, X-Key: {file: key}}
        === full/replay.yaml: Provider full-replay ===
        type: replay
        transcripts: ../transcripts/answers.jsonl
        === full/prompt.yaml: Prompt full ===
        description: A greeting.
        template: Hello {{payload.name}}.
        inputs: {type: object}

        """

    private static let channels = """
        === full/slack.yaml: Channel full-slack ===
        slack: {webhookURL: {env: SLACK}}
        template: '{{output}}'
        === full/discord.yaml: Channel full-discord ===
        discord: {webhookURL: {env: DISCORD}}
        === full/telegram.yaml: Channel full-telegram ===
        telegram: {token: {env: TELEGRAM}, chat: "@ops"}
        === full/webhook.yaml: Channel full-webhook ===
        webhook: {url: https://example.com/hook, secret: {env: HOOK}, allowPrivateNetworks: true}
        === full/github-comment.yaml: Channel full-github ===
        github: {repository: website, token: {env: GITHUB_TOKEN}}
        === full/slack-response.yaml: Channel full-slack-response ===
        slackResponse: {visibility: inChannel, origin: https://hooks.slack-gov.com, allowPrivateNetworks: true}

        """
}
