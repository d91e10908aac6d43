import Spec
import Testing

/// Webhooks and templates that can never do anything, as manifests say them.
@Suite struct UselessWebhookTests {
    @Test func `a path that begins with no name of an event is warned of, and an empty one refused`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook: {source: generic, secret: {env: HOOK}}
                match:
                  - {path: «1»paylaod.action, equals: opened}
                  - {path: «2»title, exists: true}
                  - {path: payload.title, exists: true}
                  - {path: headers.x-event, exists: true}
                  - {path: event, equals: push}
                === expected ===
                1: warning unknown-path: `paylaod` => did you mean `payload`?
                2: warning unknown-path: `title` => payload.title
                """)
        for path in ["''", ".payload"] {
            try check(
                Parts.agents + """
                    === t.yaml: Trigger t ===
                    agent: brief
                    webhook: {source: generic, secret: {env: HOOK}}
                    match: [{path: «1»\(path), exists: true}]
                    === expected ===
                    1: error bad-value: begins with a name
                    """)
        }
    }

    @Test func `a template that asks for what events do not have is warned of`() throws {
        try check(
            Parts.provider + """
                === a.yaml: Agent a ===
                model: {provider: openai, name: small}
                systemPrompt: «1»"{{event}} {{#payload.labels}}{{name}}{{/payload.labels}} {{^sender}}-{{/sender}}"
                === b.yaml: Agent b ===
                model: {provider: openai, name: small}
                prompt: house
                === house.yaml: Prompt house ===
                template: «2»"{{tone}} {{who}}"
                inputs: «3»{properties: {tone: {type: string}}}
                === t.yaml: Trigger t ===
                agent: a
                schedule: {cron: '@daily'}
                input: «4»"At {{scheduleAt}}{{! output }}"
                === c.yaml: Channel c ===
                webhook: {url: https://example.com/, secret: {env: A}}
                template: «5»"{{output}} {{state}} {{error}} {{run}} {{payload.x}} {{outptu}}"
                === expected ===
                1: warning unknown-path: `sender` => payload.sender
                2: warning unknown-path: `who` => payload.who
                3: warning not-active: inputs
                4: warning unknown-path: `scheduleAt` => `scheduledAt`
                5: warning unknown-path: `outptu` => `output`
                """)
    }

    @Test func `names of headers are names`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook:
                  source: generic
                  secret: {env: HOOK}
                  signature: {header: «1»"X Signature"}
                  idHeader: «2»""
                  eventHeader: «3»"X-Event:"
                === expected ===
                1: error bad-value: `X Signature` => letters
                2: error bad-value: no name of a header => letters
                3: error bad-value: `X-Event:` => letters
                """)
    }

    @Test func `no events are an error, and a pattern with nothing behind its dot is warned of`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook: {source: generic, secret: {env: HOOK}, events: «1»[]}
                === u.yaml: Trigger u ===
                agent: brief
                webhook: {source: github, secret: {env: HOOK}, events: [«2»push., issues, '*.created']}
                === expected ===
                1: error bad-value: none ever comes => leave
                2: warning unknown-event: `push.` => did you mean `push`?
                """)
    }

    @Test func `what Slack and Telegram do not send is warned of`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook:
                  source: slack
                  secret: {env: HOOK}
                  events: [«1»/deploy, «2»mesage.im, «3»message.chanel, message, command.deploy, block_actions, '*', '*.im']
                === u.yaml: Trigger u ===
                agent: brief
                webhook:
                  source: telegram
                  secret: {env: HOOK}
                  events: [«4»mesage.private, «5»message.privat, message.supergroup, poll, callback_query, 'message.*']
                === v.yaml: Trigger v ===
                agent: brief
                webhook: {source: generic, secret: {env: HOOK}, events: [mesage]}
                === expected ===
                1: warning unknown-event: Slack sends no event `/deploy` => did you mean `command.deploy`?
                2: warning unknown-event: Slack sends no event `mesage` => did you mean `message.im`?
                3: warning unknown-event: Slack sends no event `message.chanel` => did you mean `message.channel`?
                4: warning unknown-event: Telegram sends no event `mesage` => did you mean `message.private`?
                5: warning unknown-event: Telegram sends no event `message.privat` => did you mean `message.private`?
                """)
    }

    @Test func `a commit has no agent`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                on: {event: apply.rejected, agent: «1»brief}
                === u.yaml: Trigger u ===
                agent: brief
                on: {event: apply, agent: «2»brief}
                === v.yaml: Trigger v ===
                agent: brief
                on: {event: '*', agent: brief}
                === w.yaml: Trigger w ===
                agent: brief
                on: {event: resource.changed, agent: brief}
                === expected ===
                1: error exclusive-fields: only for => remove it
                2: error exclusive-fields: only for => remove it
                """)
    }
}
