import GRDB
import Spec
import State
import Testing
import Values

@Suite("What others change in the state (fault C67)")
struct DriftTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    private func alter(_ sql: String) throws {
        let queue = try DatabaseQueue(path: fixture.path)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(sql: sql)
        }
    }

    private let edit = "UPDATE manifest SET body = replace(body, '\"one\"', '\"other\"')"

    @Test func `Writ's own work notes nothing`() throws {
        try fixture.createAgents("a", "b")
        let one = ManifestVersion.test("a", "one")
        let two = ManifestVersion.test("a", "two")
        _ = try fixture.store.apply(.test([ResourceChange(id: .agent("a"), edit: .update(from: one.digest, to: two))]))
        _ = try fixture.store.apply(
            .test([ResourceChange(id: .agent("c"), edit: .rename("a", from: two.digest, to: .test("c", "two")))]))
        _ = try fixture.store.apply(
            .test([ResourceChange(id: .agent("b"), edit: .delete(from: ManifestVersion.test("b", "one").digest))]))
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(31 * 86_400)) == [.agent("b")])
        #expect(try fixture.reader.lastAlteration() == nil)
        #expect(try fixture.reader.alteredResources().isEmpty)
        #expect(try fixture.reader.lastRestoration() == 0)
    }

    @Test func `a changed manifest is found by its digest, and put back`() throws {
        try fixture.createAgents("a", "b")
        try alter(edit + " WHERE body LIKE '%\"name\":\"a\"%'")
        let alteration = try #require(try fixture.reader.lastAlteration())
        let altered = try #require(try fixture.reader.alteredResources().first)
        #expect(altered.id == .agent("a"))
        #expect(altered.manifest["spec"]?["description"] == "other")
        let version = ManifestVersion.test("a", "one")
        let restoration = Restoration(id: .agent("a"), digest: version.digest, manifest: version.manifest)
        try fixture.store.restore([restoration], upTo: alteration, unknown: [], actor: "ada", at: StateFixture.at(1))
        #expect(try fixture.reader.alteredResources().isEmpty)
        #expect(try fixture.reader.lastAlteration() == nil)
        #expect(try fixture.reader.lastRestoration() == 1)
        #expect(try fixture.reader.resource(.agent("a"))?.manifest == version.manifest)
        #expect(try fixture.reader.latestRevision()?.number == 1)
    }

    @Test func `nothing is put back that is not what was recorded`() throws {
        try fixture.createAgents("a")
        try alter(edit)
        let wrong = Restoration(
            id: .agent("a"), digest: ManifestVersion.test("a", "one").digest,
            manifest: ManifestVersion.test("a", "three").manifest)
        #expect(
            try code {
                try fixture.store.restore([wrong], upTo: nil, unknown: [], actor: "ada", at: StateFixture.at(1))
            }
                == .conflict)
        #expect(try fixture.reader.lastRestoration() == 0)
    }

    @Test(arguments: [
        "UPDATE resource_version SET name = 'z'", "UPDATE resource_version SET digest = 'sha256:0'",
        "DELETE FROM resource_version",
    ])
    func `what a version is of is noted when it changes`(sql: String) throws {
        try fixture.createAgents("a")
        try alter(sql)
        #expect(try fixture.reader.lastAlteration() != nil)
    }

    @Test func `what cannot be put back stays noted`() throws {
        try fixture.createAgents("a")
        try alter(edit)
        let alteration = try fixture.reader.lastAlteration()
        try fixture.store.restore(
            [], upTo: alteration, unknown: [ManifestVersion.test("a", "one").digest], actor: "ada",
            at: StateFixture.at(1))
        #expect(try fixture.reader.lastAlteration() != nil)
        try fixture.store.restore(
            [], upTo: try fixture.reader.lastAlteration(), unknown: [], actor: "ada", at: StateFixture.at(2))
        #expect(try fixture.reader.lastAlteration() == nil)
    }
}
