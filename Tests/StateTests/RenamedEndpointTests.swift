import Spec
import State
import Testing
import Values

@Suite("Senders to what is renamed") struct RenamedEndpointTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.create(id("slow"), id("other"), ResourceID(kind: .repository, name: "site"))
    }

    private func id(_ name: String) -> ResourceID { ResourceID(kind: .trigger, name: name) }

    private func send(
        _ key: String, to trigger: String, _ payload: JSON = ["n": 1], _ sort: String = "trigger"
    ) throws -> Acceptance {
        try fixture.store.accept(.test(key, endpoint: "\(sort)/\(trigger)", payload: payload))
    }

    private func isNew(_ acceptance: Acceptance) -> Bool {
        if case .accepted = acceptance { true } else { false }
    }

    @Test(arguments: ["trigger", "repository"])
    func `a delivery that comes again under the new name is the first one, whatever its body`(_ sort: String) throws {
        let former = sort == "trigger" ? "slow" : "site"
        let first = try send("a1", to: former, ["n": 1], sort).event
        try fixture.rename(sort == "trigger" ? .trigger : .repository, former, "swift")
        #expect(try send("a1", to: "swift", ["n": 1], sort) == .duplicate(event: first, isSameBody: true))
        #expect(try send("a1", to: "swift", ["n": 2], sort) == .duplicate(event: first, isSameBody: false))
        #expect(isNew(try send("a2", to: "swift", ["n": 1], sort)))
    }

    @Test func `through several renames, and back`() throws {
        let first = try send("a1", to: "slow").event
        try fixture.rename(.trigger, "slow", "swift")
        let second = try send("a2", to: "swift").event
        try fixture.rename(.trigger, "swift", "swifter")
        #expect(try send("a1", to: "swifter").event == first)
        #expect(try send("a2", to: "swifter").event == second)
        try fixture.rename(.trigger, "swifter", "slow")
        #expect(try send("a1", to: "slow").event == first)
        #expect(try send("a2", to: "slow").event == second)
        #expect(try fixture.reader.events().items.count == 2)
    }

    @Test func `one that takes the former name has nothing of what came before`() throws {
        let first = try send("a1", to: "slow").event
        try fixture.rename(.trigger, "slow", "swift")
        try fixture.create(id("slow"))
        let own = try send("a1", to: "slow")
        #expect(isNew(own))
        #expect(try send("a1", to: "slow").event == own.event)
        #expect(try send("a1", to: "swift").event == first)
        try fixture.rename(.trigger, "swift", "swifter")
        try fixture.rename(.trigger, "slow", "swift")
        #expect(try send("a1", to: "swifter").event == first)
        #expect(try send("a1", to: "swift").event == own.event)
    }

    @Test func `triggers may change names`() throws {
        let slow = try send("a1", to: "slow").event
        let other = try send("b1", to: "other").event
        try fixture.rename(.trigger, [("slow", "other"), ("other", "slow")])
        let new = try send("a1", to: "slow")
        #expect(isNew(new))
        #expect(try send("a1", to: "other").event == slow)
        #expect(try send("b1", to: "slow").event == other)
        #expect(try send("a1", to: "slow").event == new.event)
        try fixture.rename(.trigger, [("slow", "other"), ("other", "slow")])
        #expect(try send("a1", to: "slow").event == slow)
        #expect(try send("a1", to: "other").event == new.event)
    }

    @Test func `also when the event itself was removed`() throws {
        let first = try send("a1", to: "slow").event
        let recorded = ManifestReading(path: Settings.fileName, source: .recorded)
        let settings = try #require(
            Settings.read(Node(json: ["retention": ["events": ["age": "1m"]]]), recorded))
        try fixture.rename(.trigger, "slow", "swift")
        _ = try fixture.store.cleanUp(.events, settings.retention, now: StateFixture.at(120))
        #expect(try fixture.reader.event(first) == nil)
        #expect(try send("a1", to: "swift").event == first)
        try fixture.create(id("slow"))
        #expect(isNew(try send("a1", to: "slow")))
        #expect(try send("a1", to: "swift").event == first)
    }

    @Test func `what was on its way while its trigger was renamed came to the new name`() throws {
        try fixture.rename(.trigger, "slow", "swift")
        let first = try send("a1", to: "slow").event
        #expect(try send("a1", to: "swift").event == first)
        #expect(try fixture.reader.event(first)?.summary.endpoint == "trigger/swift")
    }

    @Test func `events are found by what their endpoint is called now`() throws {
        let first = try send("a1", to: "slow").event
        try fixture.rename(.trigger, "slow", "swift")
        try fixture.create(id("slow"))
        let second = try send("a2", to: "swift").event
        let own = try send("a3", to: "slow").event
        func events(_ trigger: String) throws -> Set<String> {
            Set(try fixture.reader.events(Page(), EventFilter(endpoint: "trigger/\(trigger)")).items.map(\.id))
        }
        #expect(try events("swift") == [first, second])
        #expect(try events("slow") == [own])
        let summary = try #require(try fixture.reader.event(first)?.summary)
        #expect(summary.endpoint == "trigger/slow")
        #expect(summary.currentEndpoint == "trigger/swift")
    }
}
