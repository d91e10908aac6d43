import Spec
import State
import TestSupport
import Testing
import Values

@Suite struct ApplyTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    private let one = ManifestVersion.test("brief", "one")
    private let two = ManifestVersion.test("brief", "two", line: 7)

    @Test func `the first revision creates its resources`() throws {
        let revision = try fixture.createAgents("triage", "brief")
        #expect(revision.number == 1)
        let state = try fixture.reader.appliedState()
        #expect(state.revision == revision)
        #expect(state.resources.map(\.id) == [.agent("brief"), .agent("triage")])
        let brief = try #require(state.resources.first)
        #expect(brief.manifest == one.manifest)
        #expect(brief.digest == one.digest)
        #expect(brief.place.description == "agents/brief.yaml:1:1")
        #expect(try fixture.reader.resource(.agent("brief")) == brief)
    }

    @Test func `an update and a deletion keep what was`() throws {
        try fixture.createAgents("brief")
        _ = try fixture.store.apply(
            .test([
                ResourceChange(
                    id: .agent("brief"), edit: .update(from: one.digest, to: two), reason: "changed",
                    fields: [["path": "/spec/description"]])
            ]))
        _ = try fixture.store.apply(.test([ResourceChange(id: .agent("brief"), edit: .delete(from: two.digest))]))

        #expect(try fixture.reader.appliedState().resources.isEmpty)
        #expect(try fixture.reader.manifest(of: .agent("brief"), at: 1) == one.manifest)
        #expect(try fixture.reader.manifest(of: .agent("brief"), at: 2) == two.manifest)
        #expect(try fixture.reader.manifest(of: .agent("brief"), at: 3) == nil)
        #expect(try fixture.reader.appliedState(at: 2)?.resources.map(\.sinceRevision) == [2])
        #expect(try fixture.reader.appliedState(at: 4) == nil)
        let changes = try fixture.reader.changes(of: .agent("brief")).items
        #expect(changes.map(\.action) == [.delete, .update, .create])
        #expect(try fixture.reader.changes(of: 2).first?.fields == [["path": "/spec/description"]])
        #expect(try fixture.reader.revisions().items.map(\.number) == [3, 2, 1])
    }

    @Test func `a resource can come back as it was`() throws {
        try fixture.createAgents("brief")
        _ = try fixture.store.apply(.test([ResourceChange(id: .agent("brief"), edit: .delete(from: one.digest))]))
        _ = try fixture.store.apply(.test([ResourceChange(id: .agent("brief"), edit: .create(one))]))
        #expect(try fixture.reader.resource(.agent("brief"))?.sinceRevision == 3)
    }

    @Test func `a plan whose resources moved is refused with all of them and changes nothing`() throws {
        try fixture.createAgents("brief", "triage")
        let before = try fixture.reader.appliedState()
        let stale = RevisionApplication.test([
            ResourceChange(id: .agent("new"), edit: .create(.test("new", "one"))),
            ResourceChange(id: .agent("triage"), edit: .update(from: two.digest, to: .test("triage", "two"))),
            ResourceChange(id: .agent("brief"), edit: .create(one)),
            ResourceChange(id: .agent("gone"), edit: .delete(from: one.digest)),
        ])
        let error = #expect(throws: StateError.self) { try fixture.store.apply(stale) }
        #expect(error?.code == .moved([.agent("brief"), .agent("gone"), .agent("triage")]))
        #expect(error?.message.contains("Agent/brief, Agent/gone, Agent/triage: plan again") == true)
        #expect(try fixture.reader.appliedState() == before)
        #expect(try fixture.reader.revisions().items.count == 1)
    }

    @Test func `a plan whose own resources did not move is applied after another one`() throws {
        try fixture.createAgents("brief", "triage")
        let change = ResourceChange(id: .agent("brief"), edit: .update(from: one.digest, to: two))
        _ = try fixture.store.apply(
            .test([
                ResourceChange(id: .agent("triage"), edit: .delete(from: ManifestVersion.test("triage", "one").digest))
            ]))
        #expect(try fixture.store.apply(.test([change])).number == 3)
    }

    @Test func `two changes of one resource are refused as a whole`() throws {
        let twice = RevisionApplication.test([
            ResourceChange(id: .agent("brief"), edit: .create(one)),
            ResourceChange(id: .agent("brief"), edit: .create(two)),
        ])
        #expect(try code { _ = try fixture.store.apply(twice) } == .conflict)
        #expect(try fixture.reader.appliedState() == .empty)
    }

    @Test func `moved places are followed without a new version`() throws {
        try fixture.createAgents("brief", "triage")
        var second = RevisionApplication.test([])
        second.places = [.agent("brief"): Place(path: "all.yaml", mark: Mark(line: 9, column: 3))]
        _ = try fixture.store.apply(second)
        try fixture.store.follow(
            nil, places: [.agent("triage"): Place(path: "all.yaml", mark: Mark(line: 20, column: 1))])
        let resources = try fixture.reader.appliedState().resources
        #expect(resources.map(\.place.description) == ["all.yaml:9:3", "all.yaml:20:1"])
        #expect(resources.map(\.sinceRevision) == [1, 1])
    }

    @Test func `cursors change with the revision, and those of other triggers stay`() throws {
        func cursor(_ trigger: String, _ seconds: Int64) -> ScheduleCursor {
            ScheduleCursor(
                trigger: trigger, instant: StateFixture.at(seconds), specDigest: Digest(of: trigger.utf8))
        }
        var first = RevisionApplication.test([])
        first.cursors = [cursor("a", 1), cursor("b", 1), cursor("c", 1)]
        _ = try fixture.store.apply(first)
        var second = RevisionApplication.test([])
        second.cursors = [cursor("b", 5)]
        second.removedCursors = ["c"]
        _ = try fixture.store.apply(second)
        #expect(try fixture.reader.scheduleCursors() == ["a": cursor("a", 1), "b": cursor("b", 5)])
    }

    @Test func `a revision is an observation too`() throws {
        try fixture.createAgents("brief")
        let observation = try #require(try fixture.reader.latestObservation())
        #expect(observation.outcome == .applied)
        #expect(observation.revision == 1)
        #expect(observation.commit == "c0ffee")
    }

    @Test func `a thousand resources are applied at once`() throws {
        let names = (1...1_000).map { "agent-\($0)" }
        _ = try fixture.store.apply(
            .test(names.map { ResourceChange(id: .agent($0), edit: .create(.test($0, "one"))) }))
        #expect(try fixture.reader.appliedState().resources.count == 1_000)
    }
}
