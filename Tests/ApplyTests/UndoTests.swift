import Apply
import Spec
import State
import Testing
import Values

@Suite("Taking back what was applied")
struct UndoTests {
    let fixture: ApplyFixture

    init() throws { fixture = try ApplyFixture() }

    private func planner() -> UndoPlanner { UndoPlanner(fixture.store.reader, zones: ApplyFixture.zones) }

    private func undo(_ target: UndoTarget, at seconds: Int64 = 0) throws -> Undo {
        try planner().undo(target, asOf: Instant(seconds: ApplyFixture.start.seconds + seconds))
    }

    @discardableResult
    private func apply(_ undo: Undo, at seconds: Int64 = 0) throws -> Applier.Outcome {
        try Applier(fixture.store, zones: ApplyFixture.zones)
            .undo(undo, actor: "ada", at: Instant(seconds: ApplyFixture.start.seconds + seconds))
    }

    private func refusal(_ target: UndoTarget) throws -> UndoRefusal {
        try #require(throws: UndoRefusal.self) { try undo(target) }
    }

    private func names() throws -> [String] {
        try fixture.store.reader.appliedState().resources.map(\.id.description)
    }

    /// Of trigger t, in seconds since the start.
    private func cursor() throws -> Int64? {
        try fixture.store.reader.scheduleCursors()["t"].map { $0.instant.seconds - ApplyFixture.start.seconds }
    }

    private static let agent = manifest("Agent", "a", "model: {provider: p, name: m}\nsystemPrompt: Be brief.")
    private static let provider = manifest("Provider", "p", "type: openai")
    private static let morning = manifest("Trigger", "t", "agent: a\nschedule: {cron: '0 * * * *'}")
    private let files = ["a.yaml": agent, "p.yaml": provider, "t.yaml": morning]

    @Test func `all that a revision did is taken back in one new revision`() throws {
        try fixture.apply(["u.yaml": user("u"), "v.yaml": user("v"), "w.yaml": user("w")])
        let changed = ["u.yaml": user("u", "role: admin"), "w.yaml": user("w"), "x.yaml": user("x", "role: developer")]
        try fixture.apply(changed)
        let undo = try undo(.revision(2))
        #expect(undo.plan.summary == ["update User/u", "create User/v", "delete User/x"])
        #expect(
            undo.plan.changes.map(\.reason) == [
                "as it was before revision 2", "deleted by revision 2", "created by revision 2",
            ])
        #expect(PlanText.render(undo.plan, color: false).contains("Writ would undo revision 2, from revision 2"))
        #expect(undo.plan.json["undoes"] == ["revision": 2])
        #expect(try apply(undo).revision == 3)
        #expect(try names() == ["User/u", "User/v", "User/w"])
        let revision = try #require(try fixture.store.reader.latestRevision())
        #expect(revision.undoes == Undone(revision: 2))
        #expect(revision.commit == "c0ffee")
        #expect(try fixture.store.reader.latestObservation()?.message.hasPrefix("undid revision 2. Plan: ") == true)
        // What was undone can be done again in the same way.
        try apply(try self.undo(.revision(3)))
        #expect(try names() == ["User/u", "User/w", "User/x"])
        #expect(try fixture.plan(changed).isEmpty)
    }

    @Test func `a renamed resource gets its name back, with its history`() throws {
        try fixture.apply(["u.yaml": user("u, labels: {team: a}")])
        try fixture.apply(["u.yaml": user("v, renamedFrom: u, labels: {team: b}")])
        let undo = try undo(.revision(2))
        #expect(undo.plan.summary == ["rename User/u"])
        try apply(undo)
        #expect(try names() == ["User/u"])
        let id = ResourceID(kind: KindName(rawValue: "User"), name: "u")
        #expect(try fixture.store.reader.changes(of: id).items.map(\.action) == [.rename, .rename, .create])
    }

    @Test func `a deleted schedule comes back where it was, and one whose times changed begins anew`() throws {
        try fixture.apply(files, at: 0)
        try fixture.apply(["a.yaml": Self.agent, "p.yaml": Self.provider], at: 1_800)
        try apply(try undo(.revision(2), at: 3_000), at: 3_000)
        #expect(try cursor() == 0)
        var other = files
        other["t.yaml"] = Self.morning.replacing("0 *", with: "30 *")
        try fixture.apply(other, at: 4_000)
        try apply(try undo(.revision(4), at: 5_000), at: 5_000)
        #expect(try cursor() == 5_000)
    }

    @Test func `declared again instead, a schedule counts from then on`() throws {
        try fixture.apply(files, at: 0)
        try fixture.apply(["a.yaml": Self.agent, "p.yaml": Self.provider], at: 1_800)
        try fixture.apply(files, at: 9_000)
        #expect(try cursor() == 9_000)
    }

    @Test func `later changes of the same resources are in the way, and are named`() throws {
        try fixture.apply(["u.yaml": user("u"), "v.yaml": user("v")])
        try fixture.apply(["u.yaml": user("u", "role: admin"), "v.yaml": user("v", "role: admin")])
        try fixture.apply(["u.yaml": user("u", "role: developer"), "v.yaml": user("v", "role: admin")])
        let refusal = try refusal(.revision(2))
        #expect(refusal.code == .conflict)
        #expect(refusal.message.contains("later revisions changed User/u (revision 3); undo those first"))
        // A revision in the middle whose resources nobody touched since can go.
        try fixture.apply(
            ["u.yaml": user("u", "role: developer"), "v.yaml": user("v", "role: admin"), "w.yaml": user("w")])
        try apply(try undo(.revision(3)))
        #expect(try names() == ["User/u", "User/v", "User/w"])
        let id = ResourceID(kind: KindName(rawValue: "User"), name: "u")
        #expect(try fixture.store.reader.resource(id)?.manifest["spec"]?["role"] == "admin")
    }

    @Test func `later changes that were taken back are in nobody's way`() throws {
        let id = ResourceID(kind: KindName(rawValue: "User"), name: "u")
        for role in ["developer", "admin", "developer"] { try fixture.apply(["u.yaml": user("u", "role: \(role)")]) }
        try apply(try undo(.revision(3)))
        let undo = try undo(.revision(2))
        #expect(undo.plan.summary == ["update User/u"])
        try apply(undo)
        #expect(try fixture.store.reader.resource(id)?.manifest["spec"]?["role"] == "developer")
    }

    @Test func `what was deleted comes back also after another had its name for a while`() throws {
        try fixture.apply(["u.yaml": user("u", "displayName: First"), "v.yaml": user("v")])
        try fixture.apply(["v.yaml": user("v")])
        try fixture.apply(["v.yaml": user("u, renamedFrom: v")])
        try apply(try undo(.revision(3)))
        let undo = try undo(.revision(2))
        #expect(undo.plan.summary == ["create User/u"])
        try apply(undo)
        let id = ResourceID(kind: KindName(rawValue: "User"), name: "u")
        #expect(try fixture.store.reader.resource(id)?.manifest["spec"]?["displayName"] == "First")
    }

    @Test func `one resource alone goes back to what it was before its last change`() throws {
        let id = ResourceID(kind: KindName(rawValue: "User"), name: "u")
        try fixture.apply(["u.yaml": user("u"), "v.yaml": user("v")])
        try fixture.apply(["v.yaml": user("v", "role: admin")])
        let undo = try undo(.resource(id))
        #expect(undo.plan.summary == ["create User/u"])
        #expect(undo.plan.undoes == Undone(revision: 2, resource: id))
        try apply(undo)
        #expect(try fixture.store.reader.latestRevision()?.undoes == Undone(revision: 2, resource: id))
        #expect(try fixture.store.reader.tombstones().isEmpty)
        let other = ResourceID(kind: id.kind, name: "v")
        #expect(try fixture.store.reader.resource(other)?.manifest["spec"]?["role"] == "admin")
    }

    @Test func `names of resources must hold in what comes out`() throws {
        try fixture.apply(["u.yaml": user("u")])
        try fixture.apply(["u.yaml": user("u"), "p.yaml": Self.provider])
        try fixture.apply(["u.yaml": user("u"), "p.yaml": Self.provider, "a.yaml": Self.agent])
        let undo = try undo(.revision(2))
        #expect(undo.plan.problems.map(\.code) == [.danglingReference])
        #expect(undo.plan.problems.first?.message.contains("Agent/a, which stays, names Provider/p") == true)
        guard case .refused = try apply(undo) else {
            Issue.record("applied with a name that does not hold")
            return
        }
        #expect(try names().count == 3)
    }

    @Test func `neither protection nor brakes stand in an operator's way`() throws {
        let users = Dictionary(uniqueKeysWithValues: (0..<9).map { ("\($0).yaml", user("u\($0), protect: true")) })
        try fixture.apply(["p.yaml": Self.provider])
        try fixture.apply(users.merging(["p.yaml": Self.provider]) { $1 })
        let undo = try undo(.revision(2))
        #expect(undo.plan.refusals.isEmpty)
        try apply(undo)
        #expect(try names() == ["Provider/p"])
        #expect(try fixture.store.reader.tombstoneCount().count == 9)
    }

    @Test func `what was purged cannot come back, and what never was is told`() throws {
        try fixture.apply(["u.yaml": user("u"), "v.yaml": user("v")])
        try fixture.apply(["v.yaml": user("v")])
        try fixture.store.purgeTombstones(now: Instant(seconds: ApplyFixture.start.seconds + 31 * 86_400))
        let purged = try refusal(.revision(2)).message
        #expect(purged.contains("User/u as it was before revision 2 is not recorded any more"))
        #expect(try refusal(.revision(7)).message.contains("there is no revision 7"))
        let id = ResourceID(kind: KindName(rawValue: "User"), name: "x")
        #expect(try refusal(.resource(id)).message.contains("no change of User/x is recorded"))
    }

    @Test func `a plan that was shown is not carried out when something else was applied meanwhile`() throws {
        try fixture.apply(["u.yaml": user("u")])
        try fixture.apply(["u.yaml": user("u", "role: admin")])
        let undo = try undo(.revision(2))
        try fixture.apply(["u.yaml": user("u", "role: developer")])
        #expect(throws: StateError.self) { try apply(undo) }
        #expect(try fixture.store.reader.latestRevision()?.number == 3)
    }
}
