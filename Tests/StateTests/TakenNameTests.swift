import Spec
import State
import Testing
import Values

@Suite("A name that was another's")
struct TakenNameTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    private func id(_ name: String) -> ResourceID { ResourceID(kind: .trigger, name: name) }

    /// What a trigger says does not change with its name.
    private func version(_ name: String, _ who: String) -> ManifestVersion {
        ManifestVersion(
            manifest: ["kind": "Trigger", "metadata": ["name": .string(name)], "spec": ["description": .string(who)]],
            place: Place(path: "\(name).yaml", mark: .start))
    }

    private func create(_ name: String, _ who: String) -> ResourceChange {
        ResourceChange(id: id(name), edit: .create(version(name, who)))
    }

    private func rename(_ former: String, _ name: String, _ who: String) -> ResourceChange {
        ResourceChange(
            id: id(name), edit: .rename(former, from: version(former, who).digest, to: version(name, who)))
    }

    private func delete(_ name: String, _ who: String) -> ResourceChange {
        ResourceChange(id: id(name), edit: .delete(from: version(name, who).digest))
    }

    private func apply(
        _ changes: ResourceChange..., cursors: [ScheduleCursor] = [], removed: [String] = []
    ) throws {
        var application = RevisionApplication.test(changes)
        application.cursors = cursors
        application.removedCursors = removed
        _ = try fixture.store.apply(application)
    }

    private func suspend(_ name: String, reason: String) throws {
        try fixture.store.override(
            id(name), [.suspension], reason: reason, actor: "ada", until: nil, at: StateFixture.at(0))
    }

    private var held: [String] {
        get throws { try fixture.reader.overrides(at: StateFixture.at(1)).map { "\($0.id.name): \($0.reason)" } }
    }

    private func run(_ trigger: String, revision: Int) throws -> String {
        var run = fixture.run(trigger)
        run.revision = revision
        return try fixture.enqueue(run, at: StateFixture.at(0))
    }

    private func runs(of trigger: String) throws -> Set<String> {
        Set(try fixture.reader.runs(Page(), RunFilter(trigger: trigger)).items.map(\.id))
    }

    private func history(_ name: String) throws -> [String] {
        try fixture.reader.changes(of: id(name)).items.reversed().map { "\($0.revision) \($0.action.rawValue)" }
    }

    private static let cursor = ScheduleCursor(
        trigger: "gamma", instant: StateFixture.at(10), specDigest: Digest(of: "times".utf8))

    /// Gamma is deleted, alpha takes its name.
    private func take() throws {
        try apply(create("alpha", "A"), create("gamma", "G"), cursors: [Self.cursor])
        try suspend("gamma", reason: "it loops")
        try apply(delete("gamma", "G"), removed: ["gamma"])
        try apply(rename("alpha", "gamma", "A"))
    }

    @Test func `is taken by a rename, and what was deleted keeps its tombstone, its history and its place in time`()
        throws
    {
        try take()
        let tombstone = try #require(try fixture.reader.tombstone(of: id("gamma"), deletedBy: 2))
        #expect(tombstone.resource.manifest == version("gamma", "G").manifest)
        #expect(tombstone.cursor == Self.cursor)
        #expect(try fixture.reader.tombstones().map(\.revision) == [2])
        #expect(try history("gamma") == ["1 create", "3 rename"])
    }

    @Test func `does not bring along what an operator held another to`() throws {
        try take()
        #expect(try held == [])
        try suspend("gamma", reason: "it is slow")
        #expect(try held == ["gamma: it is slow"])
        try apply(rename("gamma", "alpha", "A"))
        #expect(try held == ["alpha: it is slow"])
        try apply(create("gamma", "G"))
        #expect(try held == ["alpha: it is slow", "gamma: it loops"])
    }

    @Test func `is given back, and who comes back has all that it had`() throws {
        try apply(create("alpha", "A"), create("gamma", "G"), cursors: [Self.cursor])
        let before = try run("gamma", revision: 1)
        try apply(delete("gamma", "G"), removed: ["gamma"])
        try apply(rename("alpha", "gamma", "A"))
        let taken = try run("gamma", revision: 3)
        #expect(try runs(of: "gamma") == [taken])
        try apply(rename("gamma", "alpha", "A"))
        // Nobody has the name: it is that of who was deleted.
        #expect(try fixture.reader.currentName(of: id("gamma")) == "gamma")
        #expect(try history("gamma") == ["1 create", "2 delete"])
        #expect(try fixture.reader.tombstone(of: id("gamma"), deletedBy: 2)?.cursor == Self.cursor)
        try apply(create("gamma", "G"))
        #expect(try fixture.reader.tombstones().isEmpty)
        #expect(try history("gamma") == ["1 create", "2 delete", "5 create"])
        #expect(try history("alpha") == ["1 create", "3 rename", "4 rename"])
        #expect(try fixture.reader.formerNames(of: id("gamma")) == [])
        #expect(try fixture.reader.formerNames(of: id("alpha")) == ["gamma"])
        let after = try run("gamma", revision: 5)
        #expect(try runs(of: "gamma") == [before, after])
        #expect(try runs(of: "alpha") == [taken])
    }

    @Test func `can be that of two who are deleted, and the last one comes back first`() throws {
        try take()
        try apply(delete("gamma", "A"))
        #expect(try fixture.reader.tombstones().map(\.revision) == [2, 4])
        try apply(create("gamma", "A"))
        #expect(try fixture.reader.tombstones().map(\.revision) == [2])
        #expect(try held == [])
        #expect(try history("gamma") == ["1 create", "3 rename", "4 delete", "5 create"])
    }

    @Test func `is purged with its own past, and not with that of who took it`() throws {
        try take()
        let late = StateFixture.at(31 * 86_400)
        #expect(try fixture.store.purgeTombstones(now: late) == [id("gamma")])
        #expect(try fixture.reader.resource(id("gamma"), at: 1) == nil)
        #expect(try fixture.reader.resource(id("alpha"), at: 1)?.digest == version("alpha", "A").digest)
        #expect(try fixture.reader.resource(id("gamma"))?.digest == version("gamma", "A").digest)
        #expect(try fixture.store.purgeTombstones(now: late).isEmpty)
    }

    @Test func `is new to who is made in the revision that renames the other`() throws {
        try apply(create("alpha", "A"))
        try apply(rename("alpha", "beta", "A"), create("alpha", "N"))
        #expect(try fixture.reader.currentName(of: id("alpha")) == "alpha")
        #expect(try history("alpha") == ["2 create"])
        #expect(try history("beta") == ["1 create", "2 rename"])
        let run = try run("alpha", revision: 2)
        #expect(try runs(of: "alpha") == [run])
    }

    @Test func `that goes round keeps everybody's past apart`() throws {
        try apply(create("alpha", "A"), create("beta", "B"))
        try apply(rename("alpha", "beta", "A"), rename("beta", "alpha", "B"))
        #expect(try history("alpha") == ["1 create", "2 rename"])
        #expect(try fixture.reader.formerNames(of: id("alpha")) == ["beta"])
        try apply(rename("beta", "gamma", "A"))
        try apply(create("beta", "N"))
        // Both who had it before took their past along.
        #expect(try history("beta") == ["4 create"])
        #expect(try history("gamma") == ["1 create", "2 rename", "3 rename"])
    }
}
