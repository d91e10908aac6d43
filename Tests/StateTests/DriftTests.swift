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
        try fixture.store.restore(
            Restoring([restoration], upTo: alteration, actor: "ada", at: StateFixture.at(1)))
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
                try fixture.store.restore(Restoring([wrong], upTo: nil, actor: "ada", at: StateFixture.at(1)))
            }
                == .conflict)
        #expect(try fixture.reader.lastRestoration() == 0)
    }

    @Test(arguments: [
        "UPDATE resource_version SET name = 'z'", "UPDATE resource_version SET digest = 'sha256:0'",
        "DELETE FROM resource_version", "UPDATE resource_version SET to_revision = 2",
        """
        INSERT INTO resource_version (kind, name, digest, path, line, column_number, from_revision)
        SELECT kind, 'z', digest, path, line, column_number, from_revision FROM resource_version
        """,
    ])
    func `what a version is of, and what is in force, is noted when it changes`(sql: String) throws {
        try fixture.createAgents("a")
        try alter(sql)
        #expect(try fixture.reader.lastAlteration() != nil)
    }

    @Test func `after a revision of very many resources, too, it is noted what others add`() throws {
        let names = (0..<600).map { "a\($0)" }
        var application = RevisionApplication.test(
            names.map { ResourceChange(id: .agent($0), edit: .create(.test($0, "one"))) })
        application.sources = SourceRecord(
            commit: application.commit, directory: "", reader: "test", changes: nil, manifests: 600, bytes: 600,
            counts: [:], files: names.map { SourceFile(path: "\($0).yaml", role: .manifest, blob: "b", size: 1) },
            references: [], notes: [])
        try alter(
            """
            CREATE TABLE audit (name TEXT);
            CREATE TRIGGER audited AFTER INSERT ON resource_version
                BEGIN INSERT INTO audit (name) VALUES (NEW.name); END;
            """)
        _ = try fixture.store.apply(application)
        let audited = try DatabaseQueue(path: fixture.path).read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM audit")
        }
        #expect(audited == 600, "triggers of others are theirs")
        #expect(try fixture.reader.lastAlteration() == nil)
        #expect(try !fixture.reader.isSourceRecordAltered())
        try alter(
            """
            INSERT INTO resource_version (kind, name, digest, path, line, column_number, from_revision)
            SELECT kind, 'z', digest, path, line, column_number, from_revision FROM resource_version LIMIT 1
            """)
        #expect(try fixture.reader.lastAlteration() != nil)
        try alter(
            """
            INSERT INTO source_file (path, role, blob, size, declares, includes, each_time)
            SELECT 'z.yaml', role, blob, size, declares, includes, each_time FROM source_file LIMIT 1
            """)
        #expect(try fixture.reader.isSourceRecordAltered())
    }

    @Test func `what a revision puts back is put back with it, or not at all`() throws {
        try fixture.createAgents("a", "b")
        try alter(edit + " WHERE body LIKE '%\"name\":\"a\"%'")
        let version = ManifestVersion.test("a", "one")
        let other = ManifestVersion.test("b", "one")
        var application = RevisionApplication.test([
            ResourceChange(id: .agent("b"), edit: .update(from: version.digest, to: .test("b", "two")))
        ])
        application.restoring = Restoring(
            [Restoration(id: .agent("a"), digest: version.digest, manifest: version.manifest)],
            upTo: try fixture.reader.lastAlteration(), actor: "ada", at: StateFixture.at(1))
        #expect(throws: StateError.self) { try fixture.store.apply(application) }
        #expect(try fixture.reader.lastAlteration() != nil)
        #expect(try fixture.reader.alteredResources().map(\.id) == [.agent("a")])
        application.changes = [
            ResourceChange(id: .agent("b"), edit: .update(from: other.digest, to: .test("b", "two")))
        ]
        _ = try fixture.store.apply(application)
        #expect(try fixture.reader.lastAlteration() == nil)
        #expect(try fixture.reader.alteredResources().isEmpty)
    }

    private func settings(deletes: Int) throws -> Settings {
        let json: JSON = ["brake": ["deletes": .number(JSONNumber(deletes))]]
        return try #require(
            Settings.read(Node(json: json), ManifestReading(path: Settings.fileName, source: .recorded)))
    }

    @Test(arguments: [
        "UPDATE repository_settings SET settings = '{}'", "UPDATE repository_settings SET earlier = '{}'",
        "UPDATE repository_settings SET commit_id = 'bad'", "DELETE FROM repository_settings",
        "UPDATE settings_copy SET settings = '{}'", "DELETE FROM settings_copy",
    ])
    func `settings that somebody altered do not count, and are put back`(sql: String) throws {
        let (one, two) = (try settings(deletes: 1), try settings(deletes: 2))
        try fixture.createAgents("a")
        try fixture.store.follow(nil, settings: (one, commit: "c0ffee"))
        try fixture.store.follow(nil, settings: (two, commit: "d0ffee"))
        let before = try fixture.reader.appliedHead()
        #expect(try fixture.reader.lastAlteration() == nil && fixture.reader.alteredSettings() == nil)
        try alter(sql)
        #expect(try fixture.reader.alteredSettings()?.known == two.json)
        #expect(try fixture.reader.lastAlteration() != nil)
        #expect(try fixture.reader.appliedHead() == before)
        #expect(before.settings == two && before.settings(for: "d0ffee") == one)
        try fixture.store.restore(
            Restoring(
                [], settings: true, upTo: try fixture.reader.lastAlteration(), actor: "ada", at: StateFixture.at(1)))
        #expect(try fixture.reader.alteredSettings() == nil)
        #expect(try fixture.reader.lastAlteration() == nil)
        #expect(try fixture.reader.appliedHead() == before)
    }

    @Test func `settings of which nothing tells any more what they were are the strictest, until they are set anew`()
        throws
    {
        try fixture.createAgents("a")
        try fixture.store.follow(nil, settings: (try settings(deletes: 2), commit: "c0ffee"))
        try alter("UPDATE repository_settings SET settings = '{\"brake\":{\"deletes\":99}}'")
        try alter("UPDATE settings_copy SET settings = '{\"brake\":{\"deletes\":99}}'")
        let altered = try #require(try fixture.reader.alteredSettings())
        #expect(altered.known == nil)
        #expect(try fixture.reader.repositorySettings() == Settings.standard.withoutPruning)
        try fixture.store.follow(nil, settings: (try settings(deletes: 2), commit: "d0ffee"))
        #expect(try fixture.reader.alteredSettings() == nil)
        #expect(try fixture.reader.appliedHead().settings(for: "d0ffee") == Settings.standard.withoutPruning)
    }

    @Test func `settings that were altered and whose copy is gone are lost, and stay so until they are set anew`()
        throws
    {
        try fixture.createAgents("a")
        try fixture.store.follow(nil, settings: (try settings(deletes: 2), commit: "c0ffee"))
        try alter("DELETE FROM settings_copy; UPDATE repository_settings SET settings = '{\"brake\":{\"deletes\":99}}'")
        for second in 1...2 {
            let altered = try #require(try fixture.reader.alteredSettings())
            #expect(altered.known == nil)
            #expect(try fixture.reader.repositorySettings() == Settings.standard.withoutPruning)
            try fixture.store.restore(
                Restoring(
                    [], upTo: try fixture.reader.lastAlteration(), actor: "ada", at: StateFixture.at(Int64(second))))
        }
        try fixture.store.follow(nil, settings: (try settings(deletes: 2), commit: "d0ffee"))
        #expect(try fixture.reader.alteredSettings() == nil)
        try fixture.store.restore(
            Restoring([], upTo: try fixture.reader.lastAlteration(), actor: "ada", at: StateFixture.at(3)))
        #expect(try fixture.reader.lastAlteration() == nil)
    }

    @Test(arguments: [
        """
        INSERT INTO source_file (path, role, blob, size, declares, includes, each_time)
        VALUES ('z.yaml', 'manifest', '', 0, '[]', '[]', 0)
        """,
        "INSERT INTO resource_note (kind, name, advice) VALUES ('Agent', 'a', '[]')",
        """
        INSERT INTO source_index (one, commit_id, directory, revision, reader, serial, manifests, bytes, counts)
        VALUES (1, 'c0ffee', '', 1, 'this one', 1, 0, 0, '{}')
        """,
    ])
    func `what is added to the record of the files is noted`(sql: String) throws {
        try fixture.createAgents("a")
        #expect(try !fixture.reader.isSourceRecordAltered())
        try alter(sql)
        #expect(try fixture.reader.isSourceRecordAltered())
    }

    @Test func `what cannot be put back stays noted`() throws {
        try fixture.createAgents("a")
        try alter(edit)
        let alteration = try fixture.reader.lastAlteration()
        let unknown = [ManifestVersion.test("a", "one").digest]
        try fixture.store.restore(
            Restoring([], upTo: alteration, unknown: unknown, actor: "ada", at: StateFixture.at(1)))
        #expect(try fixture.reader.lastAlteration() != nil)
        try fixture.store.restore(
            Restoring([], upTo: try fixture.reader.lastAlteration(), actor: "ada", at: StateFixture.at(2)))
        #expect(try fixture.reader.lastAlteration() == nil)
    }
}
