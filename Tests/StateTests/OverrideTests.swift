import Spec
import State
import Testing
import Values

@Suite("What is overridden by hand")
struct OverrideTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    private let id = ResourceID.agent("brief")
    private let concurrency = FieldOverride(pointer: JSONPointer(["spec", "limits", "concurrency"]), value: 2)

    private func override(_ fields: FieldOverride..., reason: String = "it loops", until: Int64? = nil) throws {
        try fixture.store.override(
            id, fields, reason: reason, actor: "ada", until: until.map(StateFixture.at), at: StateFixture.at(0))
    }

    private func held(at seconds: Int64 = 1) throws -> [Override] {
        try fixture.reader.overrides(at: StateFixture.at(seconds))
    }

    @Test func `is kept with who, why and until when, and ends by itself`() throws {
        try override(.suspension, until: 60)
        let override = try #require(try held(at: 59).first)
        #expect(override.id == id)
        #expect(override.field == .suspension)
        #expect(override.isSuspension)
        #expect(override.circumstances == "by ada until 2026-01-01T00:01:00Z: it loops")
        #expect(try held(at: 60).isEmpty)
    }

    @Test func `the last word counts for a field, and ending one leaves the others`() throws {
        try override(.suspension, concurrency)
        try override(.suspension, reason: "still")
        #expect(try held().map(\.reason) == ["it loops", "still"])
        #expect(
            try fixture.store.endOverrides(of: id, FieldOverride.suspendPointer, by: "bob", at: StateFixture.at(5)) == 1
        )
        #expect(try held().map(\.field) == [concurrency])
        #expect(try fixture.store.endOverrides(of: id, by: "bob", at: StateFixture.at(6)) == 1)
        #expect(try fixture.store.endOverrides(of: id, by: "bob", at: StateFixture.at(7)) == 0)
        #expect(try held().isEmpty)
    }

    @Test func `one that is over can be said again`() throws {
        try override(.suspension, until: 60)
        try fixture.store.override(
            id, [.suspension], reason: "again", actor: "bob", until: nil, at: StateFixture.at(100))
        #expect(try held(at: 101).map(\.reason) == ["again"])
    }

    @Test func `survives applying, deletion and a return, and follows a rename`() throws {
        try fixture.createAgents("brief", "other")
        try override(.suspension)
        func apply(_ change: ResourceChange) throws { _ = try fixture.store.apply(.test([change])) }
        let version = ManifestVersion.test("brief", "one")
        try apply(ResourceChange(id: id, edit: .update(from: version.digest, to: .test("brief", "two"))))
        try apply(ResourceChange(id: id, edit: .delete(from: ManifestVersion.test("brief", "two").digest)))
        try apply(ResourceChange(id: id, edit: .create(version)))
        #expect(try held().map(\.id) == [id])
        let new = ResourceID.agent("short")
        try apply(ResourceChange(id: new, edit: .rename("brief", from: version.digest, to: .test("short", "one"))))
        #expect(try held().map(\.id) == [new])
    }

    @Test func `ends when its resource is purged`() throws {
        try fixture.createAgents("brief")
        try override(.suspension)
        _ = try fixture.store.apply(
            .test([ResourceChange(id: id, edit: .delete(from: ManifestVersion.test("brief", "one").digest))]))
        let late = StateFixture.at(31 * 86_400)
        #expect(try fixture.store.purgeTombstones(now: late) == [id])
        #expect(try fixture.reader.overrides(at: late).isEmpty)
    }
}
