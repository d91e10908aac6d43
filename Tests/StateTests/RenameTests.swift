import Spec
import State
import Testing
import Values

@Suite struct RenameTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    private func trigger(_ name: String, _ what: String = "one") -> ManifestVersion {
        ManifestVersion(
            manifest: ["kind": "Trigger", "metadata": ["name": .string(name)], "spec": ["description": .string(what)]],
            place: Place(path: "\(name).yaml", mark: .start))
    }

    private func id(_ name: String) -> ResourceID { ResourceID(kind: .trigger, name: name) }

    @discardableResult
    private func apply(_ changes: ResourceChange..., cursors: [ScheduleCursor] = []) throws -> Revision {
        var application = RevisionApplication.test(changes)
        application.cursors = cursors
        return try fixture.store.apply(application)
    }

    private func create(_ name: String) -> ResourceChange {
        ResourceChange(id: id(name), edit: .create(trigger(name)))
    }

    private func rename(_ former: String, _ name: String, from content: String? = nil) -> ResourceChange {
        ResourceChange(
            id: id(name),
            edit: .rename(former, from: trigger(content ?? former).digest, to: trigger(name)), reason: "renamed")
    }

    private func queue(_ trigger: String, revision: Int) throws -> String {
        var run = fixture.run(trigger)
        run.revision = revision
        return try fixture.enqueue(run, at: StateFixture.at(0))
    }

    @Test func `a renamed resource is in force under its new name only, with its whole history`() throws {
        try apply(create("a"))
        try apply(rename("a", "b"))
        #expect(try fixture.reader.appliedState().resources.map(\.id) == [id("b")])
        #expect(try fixture.reader.resource(id("a"), at: 1)?.digest == trigger("a").digest)
        #expect(try fixture.reader.resource(id("a"), at: 2) == nil)
        let changes = try fixture.reader.changes(of: id("b")).items
        #expect(changes.map(\.action) == [.rename, .create])
        #expect(changes.map(\.formerName) == ["a", nil])
        #expect(try fixture.reader.changes(of: id("a")).items == changes)
        #expect(try fixture.reader.currentName(of: id("a")) == "b")
        #expect(try fixture.reader.formerNames(of: id("b")) == ["a"])
    }

    @Test func `a chain of renames is followed, and a name that is taken again has its own history`() throws {
        try apply(create("a"))
        try apply(rename("a", "b"))
        try apply(rename("b", "c"))
        try apply(create("a"))
        #expect(try fixture.reader.changes(of: id("c")).items.map(\.revision) == [3, 2, 1])
        #expect(try fixture.reader.changes(of: id("b")).items.map(\.revision) == [3, 2, 1])
        #expect(try fixture.reader.changes(of: id("a")).items.map(\.revision) == [4])
        #expect(try fixture.reader.formerNames(of: id("c")) == ["b", "a"])
        #expect(try fixture.reader.currentName(of: id("a")) == "a")
    }

    @Test func `a name may come back to its resource`() throws {
        try apply(create("a"))
        try apply(rename("a", "b"))
        try apply(rename("b", "a"))
        #expect(try fixture.reader.changes(of: id("a")).items.map(\.revision) == [3, 2, 1])
        #expect(try fixture.reader.currentName(of: id("b")) == "a")
    }

    @Test func `the runs under the old name are found under the new one, and no others`() throws {
        try apply(create("a"))
        let first = try queue("a", revision: 1)
        try apply(rename("a", "b"))
        let second = try queue("b", revision: 2)
        try apply(create("a"))
        let third = try queue("a", revision: 3)
        func runs(_ trigger: String) throws -> Set<String> {
            Set(try fixture.reader.runs(Page(), RunFilter(trigger: trigger)).items.map(\.id))
        }
        #expect(try runs("b") == [first, second])
        #expect(try runs("a") == [third])
        #expect(Set(try fixture.reader.activeRuns(trigger: "b").map(\.id)) == [first, second])
    }

    @Test func `the schedule of a renamed trigger goes on where it was`() throws {
        let cursor = ScheduleCursor(trigger: "a", instant: StateFixture.at(77), specDigest: Digest(of: "x".utf8))
        try apply(create("a"), cursors: [cursor])
        try apply(rename("a", "b"))
        let cursors = try fixture.reader.scheduleCursors()
        #expect(cursors.keys.sorted() == ["b"])
        #expect(cursors["b"]?.instant == cursor.instant)
        #expect(cursors["b"]?.specDigest == cursor.specDigest)
    }

    @Test func `what was decided of a schedule before the rename is not done for who has its name now`() throws {
        let timing = Digest(of: "x".utf8)
        let cursors = ["a", "b"].map { ScheduleCursor(trigger: $0, instant: StateFixture.at(0), specDigest: timing) }
        try apply(create("a"), create("b"), cursors: cursors)
        func fire(revision: Int) throws -> FiringOutcome {
            var run = fixture.run("a")
            run.revision = revision
            run.scheduledAt = StateFixture.at(60)
            return try fixture.store.fire(
                ScheduleFiring(cursor: cursors[0], next: StateFixture.at(60), run: run, at: StateFixture.at(60)))
        }
        let swap = [("a", "b"), ("b", "a")].map { former, name in
            ResourceChange(id: id(name), edit: .rename(former, from: trigger(former).digest, to: trigger(name)))
        }
        _ = try fixture.store.apply(.test(swap))
        #expect(try fixture.reader.scheduleCursors()["a"] == cursors[0], "nothing in the cursor tells")
        #expect(try fire(revision: 1) == .superseded)
        guard case .fired(_?) = try fire(revision: 2) else { throw Missing() }
    }

    @Test func `a rename is refused where either name is not as the plan saw it`() throws {
        try apply(create("a"), create("b"))
        let error = #expect(throws: StateError.self) { try apply(rename("a", "b")) }
        #expect(error?.code == .moved([id("b")]))
        let other = #expect(throws: StateError.self) { try apply(rename("c", "d")) }
        #expect(other?.code == .moved([id("c")]))
        #expect(try fixture.reader.appliedState().resources.map(\.id) == [id("a"), id("b")])
    }
}
