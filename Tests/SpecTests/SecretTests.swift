import Spec
import Testing
import Values

@Suite struct SecretTests {
    private static let canary = "hunter2canary"

    /// Every place of a manifest that takes a secret, with something wrong in it.
    private static let mistakes = [
        "=== a.yaml: Provider a ===\ntype: openai\napiKey: «1»\(canary)",
        "=== a.yaml: Provider a ===\ntype: openai\napiKey: «1»[\(canary)]",
        "=== a.yaml: Provider a ===\ntype: openai\napiKey: {«1»value: \(canary)}",
        "=== a.yaml: Provider a ===\ntype: openai\napiKey: «1»{env: A, file: \(canary)}",
        "=== a.yaml: Provider a ===\ntype: openai\napiKey: {env: «1»\"\(canary)-\"}",
        "=== a.yaml: Provider a ===\ntype: openai\napiKey: {env: «1»[\(canary)]}",
        "=== a.yaml: Provider a ===\ntype: openai\napiKey: {file: «1»../\(canary)}",
        "=== a.yaml: Provider a ===\ntype: openai\nheaders: {X-Key: {«1»evn: \(canary)}}",
        "=== a.yaml: Provider a ===\ntype: openai\nbaseURL: «1»https://ada:\(canary)@example.com/v1",
        "=== a.yaml: Channel a ===\nwebhook: {url: https://example.com, secret: «1»\(canary)}",
        "=== a.yaml: Channel a ===\ntelegram: {chat: a, token: «1»\(canary)}",
        "=== a.yaml: Repository a ===\nurl: https://github.com/a/b\nwebhook: {secret: [{env: A}, «1»\(canary)]}",
        "=== a.yaml: Repository a ===\nurl: https://github.com/a/b\nwebhook: {secret: «1»[{env: A}, {env: B}, \(canary)]}",
        "=== a.yaml: Repository a ===\nurl: «1»https://ada:\(canary)@github.com/a/b",
        "=== a.yaml: Repository a ===\nurl: «1»ada:\(canary)@github.com:a/b",
        "=== a.yaml: Tool a ===\ndescription: A.\nhttp: {url: https://example.com, auth: {bearer: «1»\(canary)}}",
        "=== a.yaml: Tool a ===\ndescription: A.\nhttp: {url: «1»'https://a:\(canary)@example.com/{{q}}'}",
    ]

    @Test(arguments: mistakes) func `a secret in the wrong place is refused and never repeated (faults C70, C71)`(
        text: String
    ) throws {
        let marked = try MarkedText(text)
        let loaded = try CatalogLoader(zones: .system).load(marked.snapshot)
        #expect(loaded.diagnostics.filter { $0.severity == .error }.map(\.place) == [marked.marks["1"]])
        for diagnostic in loaded.diagnostics {
            #expect(!diagnostic.text.contains(Self.canary))
            #expect(!diagnostic.json.canonicalText.contains(Self.canary))
        }
        #expect(loaded.catalog.resources.isEmpty)
    }

    @Test(arguments: ["12345678", "true", "1.5"])
    func `a secret of another type is named by field, not by value (fault C70)`(
        value: String
    ) throws {
        let loaded = try check(
            """
            === a.yaml: Provider a ===
            type: openai
            apiKey: «1»\(value)
            === expected ===
            1: error plaintext-secret: must not stand in the repository
            """)
        #expect(!loaded.diagnostics.contains { $0.text.contains(value) })
    }

    @Test func `a secret's file stays below the secrets directory`() throws {
        try check(
            """
            === a.yaml: Provider a ===
            type: openai
            apiKey: {file: «1»/etc/shadow}
            === b.yaml: Provider b ===
            type: openai
            apiKey: {file: «2»../x}
            === c.yaml: Provider c ===
            type: openai
            apiKey: {file: keys/openai}
            === expected ===
            1: error include-outside: leaves the secrets directory
            2: error include-outside: leaves the secrets directory
            """)
    }

    @Test func `one secret is written alone, two as a list`() throws {
        let catalog = try load(
            """
            === a.yaml: Repository a ===
            url: https://github.com/a/b
            webhook: {secret: [{env: A}]}
            === b.yaml: Repository b ===
            url: https://github.com/a/b
            webhook: {secret: [{env: A}, {file: ./b}]}
            """)
        #expect(catalog[Repository.id("a")]?.manifest["spec"]?["webhook"] == ["secret": ["env": "A"]])
        #expect(
            catalog[Repository.id("b")]?.manifest["spec"]?["webhook"] == ["secret": [["env": "A"], ["file": "b"]]])
    }
}
