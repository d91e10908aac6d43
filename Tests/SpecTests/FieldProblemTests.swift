import Spec
import Testing

@Suite struct FieldProblemTests {
    @Test func `every problem of a manifest is told in one pass`() throws {
        try check(
            """
            === a.yaml: Agent a ===
            «9»model:
              «0»provder: openai
              name: «1»[small]
              temperature: «2»hot
              topP: «3»1.5
              topK: «4»0
              stop: «5»END
            «6»sistemPrompt: Hi
            tools: [ok, «7»Not OK, {name: «8»{}}]
            limits: {maxSteps: «10»many, timeout: «11»5 minutes}
            === expected ===
            0: error unknown-field: `provder` => did you mean `provider`?
            0: error missing-field: `provider`
            1: error wrong-type: expected text, found a list
            2: error wrong-type: expected a number, found text
            3: error bad-value: `1.5` is not between 0.0 and 1.0
            4: error bad-value: `0` is not between 1 and 1000000000
            5: error wrong-type: expected a list, found text => [ … ]
            6: error unknown-field: `sistemPrompt` => did you mean `systemPrompt`?
            7: error bad-name: `Not OK` is not a name => not-ok
            8: error wrong-type: the name of a Tool, found a mapping
            9: error exclusive-fields: one of `systemPrompt` or `prompt` is needed
            10: error wrong-type: a whole number, found text
            11: error bad-value: `5 minutes` is not a duration => 30s, 5m, 1h30m or 7d
            """.replacing(
                "=== a.yaml",
                with: Parts.provider + "=== ok.yaml: Tool ok ===\ndescription: A.\n"
                    + "http: {url: https://example.com}\n=== a.yaml"))
    }

    @Test func `an unknown field with nothing near it lists what is known`() throws {
        try check(
            """
            === a.yaml: Team a ===
            «1»colour: blue
            === expected ===
            1: error unknown-field: `colour` => known here: description, owner, members, agents
            """)
    }

    @Test(arguments: ["", "~", "null", "Null"]) func `nothing is never taken for a default (fault A13)`(
        nothing: String
    ) throws {
        let space = nothing.isEmpty ? "" : " "
        try check(
            """
            === a.yaml: User a ===
            displayName:\(space)«1»\(nothing)
            suspend:\(space)«2»\(nothing)
            identities:\(space)«3»\(nothing)
            === expected ===
            1: error wrong-type: expected text, found nothing
            2: error wrong-type: expected true or false, found nothing
            3: error wrong-type: expected a mapping, found nothing
            """)
    }

    @Test func `exactly one of several fields is needed`() throws {
        try check(
            """
            === none.yaml: Trigger none ===
            «1»priority: 1
            === two.yaml: Trigger two ===
            agent: a
            «2»tool: t
            schedule: {cron: '* * * * *'}
            «3»webhook: {source: github, secret: {env: A}}
            === condition.yaml: Trigger condition ===
            agent: brief
            schedule: {cron: '* * * * *'}
            match: [«4»{path: payload}, {path: payload, exists: true, «5»equals: 1}]
            === a.yaml: Agent a ===
            model: {provider: openai, name: small}
            systemPrompt: Hi
            === t.yaml: Tool t ===
            description: A.
            http: {url: https://example.com}
            === expected ===
            1: error exclusive-fields: one of `agent` or `tool` is needed
            1: error exclusive-fields: one of `schedule`, `webhook` or `on` is needed
            2: error exclusive-fields: only one of `agent` or `tool` may be given => keep one
            3: error exclusive-fields: only one of `schedule`, `webhook` or `on` may be given
            4: error exclusive-fields: one of `equals`, `in`, `matches` or `exists` is needed
            5: error exclusive-fields: only one of `equals`, `in`, `matches` or `exists`
            """.replacing("=== none.yaml", with: Parts.agents + "=== none.yaml"))
    }

    @Test func `the fields of the generic source are for it alone, and it signs in one way`() throws {
        try check(
            """
            === a.yaml: Trigger a ===
            agent: brief
            webhook: {source: github, secret: {env: A}, «1»idHeader: X-Id}
            === b.yaml: Trigger b ===
            agent: brief
            webhook: {source: generic, secret: {env: A}, bearer: true, «2»signature: {header: X-Sum}}
            === expected ===
            1: error exclusive-fields: `idHeader` is only for source generic
            2: error exclusive-fields: only one of `signature` or `bearer`
            """.replacing("=== a.yaml", with: Parts.agents + "=== a.yaml"))
    }

    @Test func `what a trigger would ignore is refused`() throws {
        try check(
            """
            === a.yaml: Trigger a ===
            agent: brief
            webhook: {source: generic, secret: {env: A}, «1»repository: site}
            === b.yaml: Trigger b ===
            agent: brief
            schedule: {cron: '0 5 * * *', jitter: «2»61m}
            === c.yaml: Trigger c ===
            agent: brief
            schedule: {cron: '0 5 * * *', jitter: 1h}
            «3»match: [{path: payload.x, exists: true}]
            === site.yaml: Repository site ===
            url: https://github.com/acme/site
            === expected ===
            1: error exclusive-fields: `repository` is only for source github
            2: error bad-value: a jitter of 1h1m is over 1h
            3: error exclusive-fields: `match` is only for `webhook` and `on`
            """.replacing("=== a.yaml", with: Parts.agents + "=== a.yaml"))
    }

    @Test func `transcripts and replay belong together, and each line of them is an object`() throws {
        try check(
            """
            === a.yaml: Provider a ===
            «1»type: replay
            === b.yaml: Provider b ===
            type: openai
            transcripts: «2»t/good.jsonl
            === c.yaml: Provider c ===
            type: replay
            transcripts: t/bad.jsonl
            === t/good.jsonl ===
            {"step": 1}

            === t/bad.jsonl ===
            {"step": 1}
            «3»[]
            «4»{"step": 1, "step": 2}
            === expected ===
            1: error missing-field: needs `transcripts`
            2: error exclusive-fields: only for type replay
            3: error bad-value: must be an object
            4: error bad-value: is not JSON
            """)
    }

    @Test func `addresses say what they must`() throws {
        try check(
            """
            === a.yaml: Provider a ===
            type: openai
            baseURL: «1»ftp://example.com
            === b.yaml: Repository b ===
            url: «2»https://github.com/example
            === c.yaml: Repository c ===
            url: «3»example/website
            === d.yaml: Tool d ===
            description: A.
            http: {url: «4»'https://{{host}}/find'}
            === e.yaml: Tool e ===
            description: A.
            http: {url: «5»'{{url}}'}
            === f.yaml: Tool f ===
            description: A.
            http: {url: 'https://example.com/{{q}}'}
            parameters: {type: «6»array}
            === expected ===
            1: error bad-value: must begin with https:// or http://
            2: error bad-value: not the address of a repository on GitHub => OWNER/NAME
            3: error bad-value: not the address of a git repository => OWNER/NAME
            4: error bad-value: names no host
            5: error bad-value: must be written out => https://host/
            6: error bad-value: must be an object => type: object
            """)
    }

    @Test func `a list holds at most 1,000 items`() throws {
        let items = Array(repeating: "x", count: 1_001).joined(separator: ", ")
        try check(
            Parts.provider + """
                === a.yaml: Agent a ===
                model: {provider: openai, name: small, stop: «1»[\(items)]}
                systemPrompt: Hi
                === expected ===
                1: error bad-value: 1001 items are over the limit of 1000
                """)
    }
}
