import Spec
import TestSupport
import Testing

@Suite struct ReferenceTests {
    @Test func `each name of a resource that is not there is told where it stands (fault A30)`() throws {
        try check(
            """
            === a.yaml: Agent a ===
            owner: «1»ada
            model: {provider: «2»opnai, name: small}
            prompt: «3»house
            tools: [«4»search, {name: «5»find}]
            === t.yaml: Trigger t ===
            agent: «6»b
            webhook: {source: github, repository: «7»website, secret: {env: A}}
            deliver: [«8»ops]
            === c.yaml: Channel c ===
            github: «10»{repository: «9»website, token: {env: A}}
            === openai.yaml: Provider openai ===
            type: openai
            === expected ===
            1: error dangling-reference: no User named `ada` => declares no User at all
            2: error dangling-reference: no Provider named `opnai` => did you mean `openai`?
            3: error dangling-reference: no Prompt named `house`
            4: error dangling-reference: no Tool named `search`
            5: error dangling-reference: no Tool named `find`
            6: error dangling-reference: no Agent named `b` => a
            7: error dangling-reference: no Repository named `website`
            8: error dangling-reference: no Channel named `ops`
            9: error dangling-reference: no Repository named `website`
            10: warning not-active: spec.github
            """)
    }

    @Test func `references of a manifest with other mistakes are checked too`() throws {
        try check(
            """
            === a.yaml: Agent a ===
            model: {provider: «1»openai, name: small, temperature: «2»9}
            systemPrompt: Hi
            === expected ===
            1: error dangling-reference: no Provider
            2: error bad-value: not between
            """)
    }

    @Test func `a resource with mistakes is there all the same`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Tool t ===
                description: «1»[]
                http: {url: https://example.com}
                === a.yaml: Agent a ===
                model: {provider: openai, name: small}
                systemPrompt: Hi
                tools: [t]
                === expected ===
                1: error wrong-type: found a list
                """)
    }

    @Test func `while a file cannot be read, names that may stand in it are warnings`() throws {
        try check(
            """
            === openai.yaml: Provider openai ===
            type: «1»"openai
            === a.yaml: Agent a ===
            model: {provider: «2»openai, name: small}
            systemPrompt: Hi
            === expected ===
            1: error yaml-syntax: never closed
            2: warning dangling-reference: no Provider named `openai` stands in the files that could be read
            """)
    }

    @Test func `a name of another kind is another name`() throws {
        try check(
            """
            === a.yaml: User same ===
            role: viewer
            === b.yaml: Team b ===
            owner: same
            agents: [«1»same]
            === expected ===
            1: error dangling-reference: no Agent named `same`
            """)
    }

    @Test func `one name twice is told with both places, whatever the files (fault A11)`() throws {
        let loaded = try check(
            """
            === one.yaml: User a ===
            role: viewer
            === two.yaml ===
            apiVersion: writ/v1
            kind: User
            metadata: {name: «1»a}
            spec: {}
            ---
            apiVersion: writ/v1
            kind: User
            metadata: {name: «2»a}
            spec: {}
            === tool.yaml: Prompt a ===
            template: Hi
            === expected ===
            1: error duplicate-resource: User/a is declared twice, first at one.yaml:4:9 => rename
            2: error duplicate-resource: first at one.yaml:4:9
            """)
        #expect(loaded.catalog.resources.map(\.id.description) == ["Prompt/a", "User/a"])
    }

    @Test func `agents that call each other in a circle are refused, the circle printed (fault A30)`() throws {
        try check(
            Parts.provider + """
                === a.yaml: Agent a ===
                model: {provider: openai, name: small}
                systemPrompt: Hi
                tools: [ask-b]
                === b.yaml: Agent b ===
                model: {provider: openai, name: small}
                systemPrompt: Hi
                tools: [ask-a, «3»ask-b]
                === ask-a.yaml: Tool ask-a ===
                description: Asks a.
                agent: «1»a
                === ask-b.yaml: Tool ask-b ===
                description: Asks b.
                agent: «2»b
                === expected ===
                1: error reference-cycle: Agent/a → Tool/ask-b → Agent/b → Tool/ask-a → Agent/a
                3: error reference-cycle: Tool/ask-b → Agent/b → Tool/ask-b
                1: warning not-active: spec.agent
                2: warning not-active: spec.agent
                """)
    }

    @Test func `two ways to one tool are no circle`() throws {
        let catalog = try load(
            Parts.agents + """
                === a.yaml: Agent a ===
                model: {provider: openai, name: small}
                systemPrompt: Hi
                tools: [one, two]
                === one.yaml: Tool one ===
                description: One.
                agent: brief
                === two.yaml: Tool two ===
                description: Two.
                agent: brief
                """)
        #expect(
            catalog[Agent.id("a")]?.references.map(\.target.description) == ["Provider/openai", "Tool/one", "Tool/two"])
    }

    @Test func `of 5,000 manifests the last one's mistake is found, and refuses all (fault A31)`() throws {
        var files: [String: String] = [:]
        for number in 0..<4_999 {
            files["users/\(number).yaml"] =
                "apiVersion: writ/v1\nkind: User\nmetadata: {name: u\(number)}\nspec: {}\n"
        }
        files["users/zzz.yaml"] = "apiVersion: writ/v1\nkind: User\nmetadata: {name: last}\nspec: {role: king}\n"
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(files))
        #expect(!loaded.isValid)
        #expect(loaded.manifestFiles == 5_000)
        #expect(loaded.diagnostics.map(\.place.description) == ["users/zzz.yaml:4:14"])
    }

    @Test func `of very many problems the first 10,000 are kept and the rest are counted`() throws {
        var files: [String: String] = [:]
        let fields = (0..<1_500).map { "  x\($0): 1\n" }.joined()
        for number in 0..<7 {
            files["\(number).yaml"] =
                "apiVersion: writ/v1\nkind: User\nmetadata: {name: u\(number)}\nspec:\n\(fields)"
        }
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(files))
        #expect(loaded.diagnostics.count == 10_001)
        let last = loaded.diagnostics.filter { $0.code == .tooManyProblems }
        #expect(last.map(\.message) == ["500 more problems are not listed"])
    }
}
