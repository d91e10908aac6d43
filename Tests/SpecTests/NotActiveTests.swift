import Spec
import Testing

@Suite struct NotActiveTests {
    /// Only what this version of writ reads and does not act on: the list is here in full, so that what becomes active
    /// leaves it.
    @Test func `what is declared and not acted on is told where it stands`() throws {
        let loaded = try CatalogLoader(zones: .system).load(try MarkedText(CompleteManifests.text).snapshot)
        let told = Set(
            loaded.diagnostics.filter { $0.code == .notActive }
                .compactMap { $0.message.split(separator: "`").first.map(String.init) })
        #expect(
            told.sorted() == [
                "spec.agent", "spec.approval: required",
                "spec.builtin", "spec.cache", "spec.credentials", "spec.discord", "spec.github", "spec.identities",
                "spec.inputs", "spec.limits.dailyTokens", "spec.mcp", "spec.model.topK", "spec.output",
                "spec.rateLimit",
                "spec.role: admin", "spec.session", "spec.slack", "spec.suspend: true", "spec.tasks", "spec.telegram",
                "spec.tools.1.approval: required", "spec.type: anthropic",
            ])
        #expect(loaded.diagnostics.allSatisfy { $0.severity == .warning && $0.code == .notActive })
    }

    @Test func `a value that is acted on is not told of`() throws {
        try check(
            Parts.agents + """
                === user.yaml: User a ===
                role: viewer
                suspend: false
                === tool.yaml: Tool a ===
                description: A.
                approval: none
                http: {url: https://example.com}
                === trigger.yaml: Trigger a ===
                suspend: true
                agent: brief
                webhook: {source: slack, secret: {env: A}}
                """)
    }

    @Test func `a warning leaves the catalog valid`() throws {
        let loaded = try check(
            """
            === a.yaml: User a ===
            role: «1»developer
            === expected ===
            1: warning not-active: spec.role: developer
            """)
        #expect(loaded.isValid)
    }
}
