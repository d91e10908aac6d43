import TestSupport
import Testing
import Values

@testable import State

@Suite struct InboxTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief")
    }

    @Test func `an event is stored with the runs it causes`() throws {
        let accepted = try fixture.store.accept(
            .test("delivery-1"), runs: [fixture.run("on-push"), fixture.run("on-push-too")])
        guard case .accepted(let id, let runs) = accepted else { throw Missing() }
        let event = try #require(try fixture.reader.event(id))
        #expect(event.payload == ["n": 1])
        #expect(event.headers == ["x-github-event": "push"])
        #expect(event.summary.dedupeKey == "delivery-1")
        #expect(event.summary.payloadSize == 7)
        #expect(try runs.map { try fixture.reader.run($0)?.event } == [id, id])
        #expect(
            try fixture.reader.runs(Page(), RunFilter(event: id)).items.map(\.trigger) == ["on-push-too", "on-push"])
    }

    @Test func `the sender's id decides what a duplicate is, within one endpoint`() throws {
        let first = try fixture.store.accept(.test("a"), runs: [fixture.run("on-push")])
        let again = try fixture.store.accept(.test("a"), runs: [fixture.run("on-push")])
        #expect(again == .duplicate(event: first.event, isSameBody: true))
        #expect(try fixture.store.accept(.test("a", endpoint: "trigger/other")).event != first.event)
        #expect(try fixture.store.accept(.test("b")).event != first.event)
        #expect(try fixture.store.accept(.test()).event != fixture.store.accept(.test()).event)
        #expect(try fixture.reader.runs().items.count == 1)
        #expect(try fixture.reader.events().items.count == 5)
    }

    @Test("fault E95: one key a hundred times in parallel is one event, and another body is told")
    func parallel() async throws {
        try await withThrowingTaskGroup { group in
            for _ in 1...100 {
                group.addTask { _ = try fixture.store.accept(.test("key"), runs: [fixture.run("on-push")]) }
            }
            try await group.waitForAll()
        }
        #expect(try fixture.reader.runs().items.count == 1)
        let other = try fixture.store.accept(.test("key", payload: ["n": 2]))
        #expect(other == .duplicate(event: try #require(fixture.reader.events().items.first).id, isSameBody: false))
    }

    @Test func `an event whose run cannot be stored is not stored either`() throws {
        var run = fixture.run("on-push")
        run.revision = 7
        #expect(try code { _ = try fixture.store.accept(.test("a"), runs: [run]) } == .conflict)
        #expect(try fixture.reader.events().items.isEmpty)
    }

    @Test func `SQLite checks nothing of an event that was checked before`() throws {
        let table: String? = try fixture.reader.read("reading the schema") { db in
            try db.value("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'event'")
        }
        let text = try #require(table)
        #expect(!text.contains("json_valid"))
        _ = try fixture.store.accept(.test("a", payload: .string("\u{1F600}\0\"")))
        #expect(try fixture.reader.events().items.count == 1)
        let checked: String? = try fixture.reader.read("checking") { db in try db.value("PRAGMA integrity_check") }
        #expect(checked == "ok")
    }

    @Test func `keys that differ behind a NUL are two`() throws {
        let first = try fixture.store.accept(.test("a\0b")).event
        #expect(try fixture.store.accept(.test("a")).event != first)
        #expect(try fixture.store.accept(.test("a\0b")).event == first)
    }

    @Test func `texts come back as they were`() throws {
        let payload: JSON = ["text": "\u{0000}'; DROP TABLE event; -- é\u{301} 🦊", "n": 1.5, "big": 12_345_678_901_234]
        let id = try fixture.store.accept(.test(payload: payload)).event
        #expect(try fixture.reader.event(id)?.payload == payload)
    }

    @Test func `a payload over the bound is refused`() throws {
        let payload = JSON.string(String(repeating: "x", count: 9 << 20))
        #expect(try code { _ = try fixture.store.accept(.test(payload: payload)) } == .tooLarge)
    }

    @Test("fault D82: times of 1970 and 2106 are stored like others", arguments: [0, 4_294_967_295, -1])
    func clocks(seconds: Int64) throws {
        var event = NewEvent.test()
        event.receivedAt = Instant(seconds: seconds)
        let id = try fixture.store.accept(event).event
        #expect(try fixture.reader.event(id)?.summary.receivedAt.seconds == seconds)
    }

    @Test func `events are found by endpoint, name and source`() throws {
        _ = try fixture.store.accept(.test("a"))
        _ = try fixture.store.accept(.test("a", endpoint: "schedule"))
        func count(_ filter: EventFilter) throws -> Int { try fixture.reader.events(Page(), filter).items.count }
        #expect(try count(EventFilter()) == 2)
        #expect(try count(EventFilter(endpoint: "schedule")) == 1)
        #expect(try count(EventFilter(name: "push", source: "github")) == 2)
        #expect(try count(EventFilter(name: "ping")) == 0)
    }

    @Test func `no event has an unknown id`() throws {
        #expect(try fixture.reader.event("evt_none") == nil)
    }
}
