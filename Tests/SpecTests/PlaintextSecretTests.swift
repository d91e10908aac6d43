import Spec
import TestSupport
import Testing
import Values

@Suite struct PlaintextSecretTests {
    /// Random for the eye, and of no service: made for these tests.
    private static let random = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"

    /// Of what each token begins with, and how many characters follow. Put together here, so that no tool takes this
    /// file for a leak.
    private static let beginnings: [(String, Int)] = [
        ("ghp_", 36), ("github_pat_", 36), ("glpat-", 20), ("sk-", 36), ("sk-proj-", 36), ("sk-ant-api03-", 36),
        ("xoxb-1234567890-", 30), ("AIza", 35), ("whsec_", 32),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", 36), ("1234567890:", 35),
        ("https://hooks.slack.com/services/T00000000/B00000000/", 24),
        ("https://discord.com/api/webhooks/123456789012345678/", 36),
    ]

    private static let tokens: [String] =
        beginnings.map { $0.0 + String(random.prefix($0.1)) }
        + [["AKIA", "Q3EGRZ7MPL5NW2XK"].joined(), ["-----BEGIN RSA PRIVATE", "KEY-----"].joined(separator: " ")]

    private func diagnostics(_ manifest: String, _ files: [String: String] = [:]) throws -> [Diagnostic] {
        var files = files
        files["a.yaml"] = manifest
        return try CatalogLoader(zones: .system).load(MemorySnapshot(files)).diagnostics
            .filter { $0.code == .plaintextSecret }
    }

    private func manifest(_ kind: String, _ spec: String, annotations: String = "{}") -> String {
        "apiVersion: writ/v1\nkind: \(kind)\nmetadata: {name: a, annotations: \(annotations)}\nspec:\n"
            + spec.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    @Test(arguments: tokens) func `no message repeats a token, wherever somebody wrote one`(token: String) throws {
        let manifests = [
            "apiVersion: writ/v1\nkind: '\(token)'\nmetadata: {name: a}\nspec: {}\n",
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: '\(token)'}\nspec: {}\n",
            manifest("User", "'\(token)': x"), manifest("User", "role: '\(token)'"),
            manifest("Trigger", "agent: a\nschedule: {cron: '* * * * *', timeZone: '\(token)'}"),
            manifest("Agent", "model: {provider: '\(token)', name: m}\nsystemPrompt: {file: '\(token)'}"),
            manifest("User", "displayName: X", annotations: "{'\(token)': x}"),
        ]
        try expectNone(of: token.suffix(16), in: manifests)
    }

    @Test(arguments: ["sk_live_4ec39hqlyjwdarjtt1zdp7dc00", "ghp_" + random])
    func `the name that is proposed for one that is a token is made of nothing of it`(token: String) throws {
        try expectNone(
            of: token.suffix(16),
            in: [
                "apiVersion: writ/v1\nkind: User\nmetadata: {name: '\(token)'}\nspec: {}\n",
                "apiVersion: writ/v1\nkind: User\nmetadata: {name: a, renamedFrom: '\(token)'}\nspec: {}\n",
                manifest("Trigger", "agent: '\(token)'\nschedule: {cron: '* * * * *'}"),
                manifest("Team", "owner: '\(token)'"),
            ])
    }

    /// Neither as it stands nor in other letters.
    private func expectNone(of secret: Substring, in manifests: [String]) throws {
        for text in manifests {
            let found = try CatalogLoader(zones: .system).load(MemorySnapshot(["a.yaml": text])).diagnostics
            #expect(found.hasErrors, "\(text)")
            for diagnostic in found {
                let said = (diagnostic.text + diagnostic.json.canonicalText).lowercased()
                #expect(!said.contains(secret.lowercased()), "\(diagnostic.text)")
            }
        }
    }

    @Test(arguments: tokens) func `a token of a known shape is refused wherever it stands, and never repeated`(
        token: String
    ) throws {
        let places = [
            manifest("Prompt", "template: 'Use \(token) to sign in.'"),
            manifest("Prompt", "description: '\(token)'\ntemplate: Hi"),
            manifest("Provider", "type: openai\nheaders: {X-Note: '\(token)'}"),
            manifest("Prompt", "template: Hi", annotations: "{note: '\(token)'}"),
        ]
        for place in places {
            let found = try diagnostics(place)
            #expect(found.map(\.severity) == [.error], "\(place)")
            for diagnostic in found {
                #expect(!diagnostic.text.contains(token))
                #expect(!diagnostic.text.contains(Self.random.prefix(12)))
            }
        }
    }

    @Test func `all are told at their places, whatever else is wrong with the manifest`() throws {
        let token = Self.tokens[0]
        let found = try diagnostics(
            manifest(
                "Tool", "description: x\nhttp: {url: 'https://h.example/x', headers: {X: '\(token)'}, nothing: 1}",
                annotations: "{n: '\(token)'}"))
        #expect(found.map(\.place.description) == ["a.yaml:3:38", "a.yaml:6:51"])
        let mistaken = try diagnostics(manifest("Channel", "webhook: {url: 'https://h.example/x', secret: '\(token)'}"))
        #expect(mistaken.count == 1)
    }

    @Test func `a token in an included file is found too`() throws {
        let found = try diagnostics(
            manifest("Prompt", "template: {file: p.md}"), ["p.md": "Line.\nKey: \(Self.tokens[0])\n"])
        #expect(found.count == 1)
        #expect(found.first?.message.contains("spec.template.text") == true)
        #expect(found.first?.place.mark.line == 5)
    }

    @Test func `something random is refused in a field that is neither a prompt nor a description`() throws {
        #expect(try diagnostics(manifest("Provider", "type: openai\nheaders: {X-Team: \(Self.random)}")).count == 1)
        #expect(try diagnostics(manifest("Prompt", "template: \(Self.random)")).isEmpty)
        #expect(try diagnostics(manifest("Prompt", "description: \(Self.random)\ntemplate: Hi")).isEmpty)
    }

    @Test(arguments: [
        ("https://svc:hunter2@news.example.com/v1", "a password in an address"),
        ("https://news.example.com/v1?limit=3&access_token=3f9a1c7e5b2d8f60a1", "a token in an address"),
        ("https://news.example.com/v1?token={{inputs.token}}&user=$NAME", nil),
        ("https://ada:{{inputs.password}}@news.example.com/v1", nil),
        ("https://news.example.com/v1?key=none&page=2", nil),
    ]) func `a secret in an address is one`(address: String, what: String?) throws {
        let found = try diagnostics(manifest("Provider", "type: openai\nheaders: {X-Upstream: '\(address)'}"))
        #expect(found.count == (what == nil ? 0 : 1), "\(found)")
        if let what { #expect(found.first?.message.hasSuffix(what) == true, "\(found)") }
    }

    @Test func `a password is one, however short`() throws {
        func tool(_ password: String) -> String {
            "description: News.\nhttp: {url: 'https://news.example.com', query: {password: '\(password)'}}"
        }
        #expect(try diagnostics(manifest("Tool", tool("hunter2"))).count == 1)
        #expect(try diagnostics(manifest("Tool", tool("{{inputs.password}}"))).isEmpty)
    }

    @Test func `in a field named after a secret, less is enough`() throws {
        let value = "3f9a1c7e5b2d8f60"
        #expect(try diagnostics(manifest("Provider", "type: openai\nheaders: {X-API-Key: '\(value)'}")).count == 1)
        #expect(try diagnostics(manifest("Provider", "type: openai\nheaders: {X-Build: '\(value)'}")).isEmpty)
    }

    @Test(arguments: [
        "5f2b8c1d9e3a7046b5c8d1e2f3a4b5c6d7e8f901", "sha256-of-the-release-2026-01-01", "claude-sonnet-4-5-20250929",
        "https://api.example.com/v1/organizations/research-desk-eu-west-1/projects/market-brief-2026",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sk-your-key-goes-here-and-nowhere-else-at-all",
        "{{payload.issue.number}}",
        "MarketBriefAgentConfigurationTemplateVersion", "0192f7a0-7c3e-7bbb-8f00-1234567890ab", "$OPENAI_API_KEY",
    ]) func `names, hashes, addresses and placeholders are none`(value: String) throws {
        #expect(try diagnostics(manifest("Provider", "type: openai\nheaders: {X-Note: '\(value)'}")).isEmpty)
    }

    @Test func `an annotation that names the field allows it, and no other`() throws {
        let spec = "type: openai\nheaders: {X-Team: \(Self.random), X-Other: \(Self.random)}"
        let one = try diagnostics(
            manifest("Provider", spec, annotations: "{writ/allow-plaintext: spec.headers.X-Team}"))
        #expect(one.map { $0.message.contains("spec.headers.X-Other") } == [true])
        let both = "{writ/allow-plaintext: 'spec.headers.X-Team, /spec/headers/X-Other'}"
        #expect(try diagnostics(manifest("Provider", spec, annotations: both)).isEmpty)
    }

    @Test func `an annotation that names no field is told`() throws {
        let text = manifest(
            "Provider", "type: openai\nheaders: {X-Team: research}",
            annotations: "{writ/allow-plaintext: 'spec.headers.X-Teem, /spec/headers/X-Team'}")
        let found = try CatalogLoader(zones: .system).load(MemorySnapshot(["a.yaml": text])).diagnostics
        #expect(found.map(\.severity) == [.warning] && found.map(\.code) == [.unknownField], "\(found)")
        #expect(found.first?.message.hasPrefix("`spec.headers.X-Teem`") == true, "\(found)")
        #expect(found.first?.fix == "did you mean `spec.headers.X-Team`?")
    }
}
