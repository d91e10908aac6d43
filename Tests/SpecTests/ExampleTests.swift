import Foundation
import Git
import Spec
import Testing
import Values

@Suite("The examples")
struct ExampleTests {
    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("examples").path

    /// Those with settings; the others are no configuration repositories.
    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted()
        .filter { FileManager.default.fileExists(atPath: "\(directory)/\($0)/writ.yaml") } ?? []

    private static let zones = ZoneDatabase { name in
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map(Array.init)
    }

    private func load(_ name: String) throws -> LoadedCatalog {
        let tree = try WorkingTree(root: "\(Self.directory)/\(name)")
        return try CatalogLoader(zones: Self.zones).load(tree)
    }

    @Test("are those that the documentation tours")
    func areThere() {
        #expect(Self.names.contains("quickstart"))
        #expect(Self.names.contains("research-desk"))
    }

    @Test("load without errors, and warn of nothing but what is not active yet", arguments: names)
    func areValid(_ name: String) throws {
        let loaded = try load(name)
        let unexpected = loaded.diagnostics.filter { $0.severity == .error || $0.code != .notActive }
        #expect(unexpected.isEmpty, "\(unexpected.map(\.text).joined(separator: "\n"))")
        #expect(!loaded.catalog.resources.isEmpty)
    }

    @Test("research-desk has manifests of all kinds and few warnings")
    func researchDeskIsWhole() throws {
        let loaded = try load("research-desk")
        let kinds = Set(loaded.catalog.resources.map(\.id.kind))
        #expect(kinds == Set(KindCatalog.all.map { $0.kindName }))
        #expect(loaded.catalog.resources.count >= 25)
        #expect(loaded.diagnostics.count <= 3)
    }

    @Test("quickstart names what `make run` sends to, and warns of nothing")
    func quickstartIsWhatMakeRunExpects() throws {
        let loaded = try load("quickstart")
        #expect(loaded.diagnostics.isEmpty)
        let webhook = loaded.catalog.spec(Trigger.self, named: "greet-pull-request")?.webhook
        #expect(webhook?.source == .github)
        #expect(webhook?.secret.all.map(\.source) == [.environment("QUICKSTART_WEBHOOK_SECRET")])
        #expect(loaded.catalog.spec(Trigger.self, named: "every-minute")?.schedule?.cron.text == "* * * * *")
    }

    @Test("The recorded payload of quickstart starts its agent, and tells it who opened what")
    func quickstartPayloadIsRouted() throws {
        let loaded = try load("quickstart")
        let path = "\(Self.directory)/quickstart/payloads/pull_request.json"
        let bytes = try #require(FileManager.default.contents(atPath: path))
        let facts = EventFacts(
            endpoint: .trigger("greet-pull-request"), name: "pull_request.opened",
            payload: try JSON(parsing: Array(bytes)), receivedAt: try #require(Instant(rfc3339: "2026-01-31T09:00:00Z"))
        )
        let decision = try #require(Router(loaded.catalog).decisions(for: facts).first)
        #expect(decision.runs)
        let input = try Template(try #require(decision.spec.input?.text))
            .render(facts.object(trigger: decision.trigger, agent: decision.spec.agent?.name))
        #expect(
            input == """
                Codertocat opened pull request 2 in Codertocat/Hello-World:
                Update the README with new information.

                """)
    }

    @Test("The recorded payload of research-desk starts the triage of its repository alone")
    func researchDeskPayloadIsRouted() throws {
        let loaded = try load("research-desk")
        let path = "\(Self.directory)/research-desk/payloads/pull_request.json"
        let bytes = try #require(FileManager.default.contents(atPath: path))
        let payload = try JSON(parsing: Array(bytes))
        let received = try #require(Instant(rfc3339: "2026-01-31T09:00:00Z"))
        let router = Router(loaded.catalog)
        let opened = EventFacts(
            endpoint: .repository("signals"), name: "pull_request.opened", payload: payload, receivedAt: received)
        #expect(router.decisions(for: opened).filter(\.runs).map(\.trigger) == ["triage-signals"])
        let elsewhere = EventFacts(
            endpoint: .repository("handbook"), name: "pull_request.labeled", payload: payload, receivedAt: received)
        #expect(router.decisions(for: elsewhere).filter(\.runs).isEmpty)
    }
}
