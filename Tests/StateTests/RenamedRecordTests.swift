import Spec
import State
import Testing
import Values

@Suite("What else is recorded of what is renamed") struct RenamedRecordTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.create(id("a"), id("b"), .agent("x"))
    }

    private func id(_ name: String) -> ResourceID { ResourceID(kind: .trigger, name: name) }

    @Test func `a problem goes on under the new name, and since when`() throws {
        try fixture.store.note(.secretUnusable, [id("a"): "gone"], at: StateFixture.at(1))
        try fixture.rename(.trigger, [("a", "b"), ("b", "a")])
        try fixture.store.note(
            .secretUnusable, [id("a"): nil, id("b"): "gone"], isAll: true, at: StateFixture.at(9))
        let problems = try fixture.reader.resourceProblems()
        #expect(problems.map(\.id) == [id("b")])
        #expect(problems.map(\.since) == [StateFixture.at(1)])
    }

    @Test func `an override counts for a run's revision by the name of then, and for no other's`() throws {
        try fixture.store.override(
            .agent("x"), [.suspension], reason: "r", actor: "ada", until: nil, at: StateFixture.at(1))
        try fixture.rename(.agent, "x", "y")
        try fixture.create(.agent("x"))
        func held(_ revision: Int) throws -> [ResourceID] {
            try fixture.reader.overrides(at: StateFixture.at(2), asOf: revision).map(\.id)
        }
        #expect(try held(1) == [.agent("x")])
        #expect(try held(2) == [.agent("y")])
        #expect(try held(3) == [.agent("y")])
        try fixture.store.override(
            .agent("x"), [.suspension], reason: "r", actor: "ada", until: nil, at: StateFixture.at(3))
        #expect(try held(1) == [.agent("x")], "that of y, which was x then")
        #expect(try held(2) == [.agent("y")])
        #expect(try held(3) == [.agent("x"), .agent("y")])
    }

    @Test func `names are followed from a revision on, and no further than to one`() throws {
        try fixture.rename(.trigger, "a", "c")
        try fixture.create(id("a"))
        try fixture.rename(.trigger, "c", "d")
        let names = try fixture.reader.currentNames()
        #expect(names.name(of: id("a"), at: 1) == "d")
        #expect(names.name(of: id("a"), at: 1, by: 3) == "c")
        #expect(names.name(of: id("c"), at: 2) == "d")
        #expect(names.name(of: id("a"), at: 3) == "a")
        #expect(names.id(.agent("x"), at: 1) == .agent("x"))
    }

    @Test func `a webhook kept at its sender goes on under the new name, whoever takes the former one`() throws {
        func declared(_ name: String, _ target: String) -> DeclaredRegistration {
            DeclaredRegistration(
                id: id(name), sender: .telegram, target: target, url: "https://x/\(name)", declaration: [:])
        }
        let first = try #require(
            try fixture.store.declare([declared("a", "one")], by: 1, lookingAt: false, at: StateFixture.at(1))?.first)
        try fixture.rename(.trigger, "a", "c")
        try fixture.create(id("a"))
        #expect(
            try fixture.store.declare([declared("a", "one")], by: 1, lookingAt: false, at: StateFixture.at(2)) == nil,
            "it was renamed meanwhile")
        let rows = try #require(
            try fixture.store.declare(
                [declared("a", "two"), declared("c", "one")], by: 3, lookingAt: false, at: StateFixture.at(2)))
        #expect(rows.map(\.id) == [id("c"), id("a")])
        #expect(rows.first?.number == first.number)
        #expect(!rows.contains { $0.standing == .removing })
    }
}
