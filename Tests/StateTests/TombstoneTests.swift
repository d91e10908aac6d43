import GRDB
import Spec
import State
import Testing
import Values

@Suite("What is deleted is kept for a while")
struct TombstoneTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    private func id(_ name: String) -> ResourceID { ResourceID(kind: .trigger, name: name) }

    private func version(_ name: String) -> ManifestVersion {
        ManifestVersion(
            manifest: ["kind": "Trigger", "metadata": ["name": .string(name)], "spec": ["description": .string(name)]],
            place: Place(path: "\(name).yaml", mark: .start))
    }

    private func cursor(_ name: String, _ seconds: Int64) -> ScheduleCursor {
        ScheduleCursor(trigger: name, instant: StateFixture.at(seconds), specDigest: Digest(of: "times".utf8))
    }

    @discardableResult
    private func apply(
        _ changes: ResourceChange..., at seconds: Int64 = 0, cursors: [ScheduleCursor] = [], removed: [String] = [],
        undecided: @escaping @Sendable (ScheduleCursor) -> SkippedInstants? = { _ in nil }
    ) throws -> Revision {
        var application = RevisionApplication.test(changes)
        application.at = StateFixture.at(seconds)
        application.cursors = cursors
        application.removedCursors = removed
        application.undecided = undecided
        return try fixture.store.apply(application)
    }

    private func create(_ name: String) -> ResourceChange {
        ResourceChange(id: id(name), edit: .create(version(name)), reason: "new", fields: [["path": "/spec"]])
    }

    private func delete(_ name: String) -> ResourceChange {
        ResourceChange(id: id(name), edit: .delete(from: version(name).digest), reason: "gone")
    }

    private func count(_ sql: String) throws -> Int {
        let queue = try DatabaseQueue(path: fixture.path)
        defer { try? queue.close() }
        return try queue.read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }

    private static let day: Int64 = 86_400

    @Test func `keeps the manifest, the place and the cursor, and says until when`() throws {
        try apply(create("a"), cursors: [cursor("a", 10)])
        try apply(delete("a"), at: 100, removed: ["a"])
        let tombstone = try #require(try fixture.reader.tombstone(of: id("a"), deletedBy: 2))
        #expect(tombstone.resource.manifest == version("a").manifest)
        #expect(tombstone.resource.place == version("a").place)
        #expect(tombstone.revision == 2)
        #expect(tombstone.cursor == cursor("a", 10))
        #expect(tombstone.expiresAt == StateFixture.at(100 + 30 * Self.day))
        #expect(try fixture.reader.scheduleCursors().isEmpty)
        #expect(try fixture.reader.tombstones(of: .agent).isEmpty)
        #expect(try fixture.reader.tombstones().map(\.resource.id) == [id("a")])
        #expect(try fixture.reader.tombstoneCount().count == 1)
        #expect(try fixture.reader.tombstoneCount().nextExpiry == tombstone.expiresAt)
    }

    @Test func `the cursor stands behind what the deletion itself decided`() throws {
        try apply(create("a"), cursors: [cursor("a", 10)])
        try apply(delete("a"), at: 100, removed: ["a"]) { cursor in
            SkippedInstants(
                since: cursor.instant, instant: StateFixture.at(90), count: 8, reason: "removed", target: .agent("x"),
                revision: 1)
        }
        #expect(try fixture.reader.tombstone(of: id("a"), deletedBy: 2)?.cursor == cursor("a", 90))
    }

    @Test func `how long is said by the settings before the deletion, not by the commit that deletes`() throws {
        func settings(_ days: Int64) throws -> Settings {
            let json: JSON = ["prune": ["grace": .string("\(days)d")]]
            return try #require(
                Settings.read(Node(json: json), ManifestReading(path: Settings.fileName, source: .recorded)))
        }
        try apply(create("a"))
        try fixture.store.follow(nil, settings: (try settings(7), commit: "c0ffee"))
        var application = RevisionApplication.test([delete("a")])
        application.settings = try settings(0)
        _ = try fixture.store.apply(application)
        #expect(try fixture.reader.tombstone(of: id("a"), deletedBy: 2)?.expiresAt == StateFixture.at(7 * Self.day))
    }

    @Test func `what is there again has no tombstone, and its history goes on`() throws {
        try apply(create("a"))
        try apply(delete("a"))
        try apply(create("a"))
        #expect(try fixture.reader.tombstones().isEmpty)
        #expect(try fixture.reader.changes(of: id("a")).items.map(\.action) == [.create, .delete, .create])
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(400 * Self.day)).isEmpty)
        #expect(try fixture.reader.resource(id("a"), at: 1) != nil)
    }

    @Test func `is purged when its time has come, with what only it keeps`() throws {
        try apply(create("a"), create("b"))
        try apply(delete("a"))
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(30 * Self.day - 1)).isEmpty)
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(30 * Self.day)) == [id("a")])
        #expect(try fixture.reader.tombstones().isEmpty)
        #expect(try fixture.reader.resource(id("a"), at: 1) == nil)
        #expect(try fixture.reader.resource(id("b"), at: 1) != nil)
        #expect(try count("SELECT count(*) FROM manifest") == 1)
        let changes = try fixture.reader.changes(of: id("a")).items
        #expect(changes.map(\.reason) == ["gone", "new"])
        #expect(changes.map(\.fields) == [[], []])
        #expect(try fixture.reader.changes(of: id("b")).items.first?.fields == [["path": "/spec"]])
    }

    @Test func `a manifest that a run or another resource has stays`() throws {
        try apply(create("a"))
        var run = fixture.run("a")
        run.manifestDigest = version("a").digest
        run.skipReason = "no"
        _ = try fixture.enqueue(run, at: StateFixture.at(0))
        try apply(delete("a"))
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(31 * Self.day)) == [id("a")])
        #expect(try count("SELECT count(*) FROM manifest") == 1)
        #expect(try count("SELECT count(*) FROM resource_version") == 0)
        #expect(try fixture.reader.runs(Page(), RunFilter(trigger: "a")).items.count == 1)
    }

    @Test func `goes with what it said before its texts moved, and what has its name now keeps its own`() throws {
        func moved(_ name: String) -> MovedTexts {
            MovedTexts(
                id: id(name), from: version(name).digest,
                manifest: [
                    "kind": "Trigger", "metadata": ["name": .string(name)], "spec": ["description": "moved"],
                ])
        }
        func delete(_ name: String) -> ResourceChange {
            ResourceChange(id: id(name), edit: .delete(from: Digest(of: moved(name).manifest.canonicalBytes)))
        }
        try apply(create("a"), create("b"))
        try fixture.store.follow(nil, texts: [moved("a"), moved("b")])
        try apply(delete("a"))
        #expect(try count("SELECT count(*) FROM manifest") == 4)
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(31 * Self.day)) == [id("a")])
        #expect(try count("SELECT count(*) FROM manifest") == 2)
        #expect(try fixture.reader.manifest(version("b").digest) != nil)
        // Who has read the revision before the texts moved names what it said then, there or not.
        var run = fixture.run("b")
        run.manifestDigest = version("b").digest
        let named = try fixture.enqueue(run, at: StateFixture.at(0))
        run.manifestDigest = version("a").digest
        let unnamed = try fixture.enqueue(run, at: StateFixture.at(1))
        #expect(try fixture.reader.run(named)?.manifestDigest == version("b").digest)
        #expect(try fixture.reader.run(unnamed)?.manifestDigest == nil)
    }

    @Test func `waits for work that began before the deletion (fault C64)`() throws {
        try apply(create("a"))
        let run = try fixture.enqueue(fixture.run("a"), at: StateFixture.at(0))
        try apply(delete("a"))
        let late = StateFixture.at(31 * Self.day)
        #expect(try fixture.store.purgeTombstones(now: late).isEmpty)
        #expect(try fixture.reader.resource(id("a"), at: 1) != nil)
        let claimed = try fixture.claimOne(at: 60)
        #expect(claimed.run.id == run)
        try fixture.store.complete(claimed.lease, RunOutcome(.succeeded), at: late) { _ in [] }
        #expect(try fixture.store.purgeTombstones(now: late) == [id("a")])
        #expect(try fixture.state(of: run) == .succeeded)
    }

    @Test func `goes with the versions under its former names, and no others`() throws {
        try apply(create("a"))
        try apply(
            ResourceChange(id: id("b"), edit: .rename("a", from: version("a").digest, to: version("b"))))
        try apply(create("a"))
        try apply(delete("b"))
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(31 * Self.day)) == [id("b")])
        #expect(try fixture.reader.resource(id("a"), at: 1) == nil)
        #expect(try fixture.reader.resource(id("b"), at: 2) == nil)
        #expect(try fixture.reader.resource(id("a"))?.digest == version("a").digest)
    }
}
