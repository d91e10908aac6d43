import State
import TestSupport
import Testing

@Suite struct PagingTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    private func accept(_ keys: ClosedRange<Int>) throws {
        for key in keys { _ = try fixture.store.accept(.test("\(key)")) }
    }

    private func keys(_ page: PageOf<EventSummary>) -> [String?] { page.items.map(\.dedupeKey) }

    @Test func `pages follow each other newest first, whatever arrives meanwhile`() throws {
        try accept(1...5)
        let first = try fixture.reader.events(Page(limit: 2))
        #expect(keys(first) == ["5", "4"])
        try accept(6...7)
        let second = try fixture.reader.events(Page(limit: 2, before: first.next))
        #expect(keys(second) == ["3", "2"])
        let third = try fixture.reader.events(Page(limit: 2, before: second.next))
        #expect(keys(third) == ["1"])
        #expect(third.next == nil)
    }

    @Test func `a page that is just full is the last one`() throws {
        try accept(1...2)
        #expect(try fixture.reader.events(Page(limit: 2)).next == nil)
    }

    @Test func `a filter goes through all pages`() throws {
        try fixture.createAgents("brief")
        for number in 1...6 {
            _ = try fixture.enqueue(
                fixture.run(number.isMultiple(of: 2) ? "even" : "odd"), at: StateFixture.start)
        }
        let filter = RunFilter(trigger: "even")
        let first = try fixture.reader.runs(Page(limit: 2), filter)
        let second = try fixture.reader.runs(Page(limit: 2, before: first.next), filter)
        #expect(first.items.count == 2)
        #expect(second.items.count == 1)
        #expect((first.items + second.items).allSatisfy { $0.trigger == "even" })
    }

    @Test(arguments: ["", "0", "-1", "x", "1.5", "99999999999999999999", "1 OR 1=1", "é"])
    func `a cursor that no page gave is an error`(cursor: String) throws {
        #expect(try code { _ = try fixture.reader.events(Page(before: cursor)) } == .badCursor)
    }

    @Test func `limits are brought into bounds`() {
        #expect(Page(limit: -5).limit == 1)
        #expect(Page(limit: 1_000_000).limit == 500)
    }
}
