import GRDB
import Spec
import Values

extension Database {
    /// - Parameter revision: the last one after this
    func record(_ record: SourceRecord, revision: Int) throws {
        // For the triggers, which do not tell who it is that writes.
        try run("INSERT INTO source_writing (one) VALUES (1)")
        try write(record, revision: revision)
        try run("DELETE FROM source_writing")
    }

    private func write(_ record: SourceRecord, revision: Int) throws {
        let serial: Int = try value("SELECT serial FROM source_index") ?? 0
        if let changes = record.changes {
            guard changes == serial else {
                throw StateError(.moved([]), "since the plan was made, another commit was looked at: plan again")
            }
        } else {
            for table in ["source_file", "source_inclusion", "resource_reference", "resource_note"] {
                try run("DELETE FROM \(table)")
            }
            try run("DELETE FROM source_alteration")
        }
        for path in record.removed { try removeFile(path) }
        let isNew = record.changes == nil
        var rows = try SourceRows(self)
        // All of them first: one file may come to be included by another one instead.
        if !isNew {
            for file in record.files where file.role != .included { try endInclusions(of: file.path) }
        }
        try without(["source_file_added"], rows: record.files.count) {
            for file in record.files { try rows.insert(file) }
        }
        for references in record.references {
            try remove(references)
            try rows.insert(references)
        }
        for note in record.notes { try set(note) }
        try run(
            """
            INSERT INTO source_index (one, commit_id, directory, revision, reader, serial, manifests, bytes, counts)
            VALUES (1, :commit, :directory, :revision, :reader, :serial, :manifests, :bytes, :counts)
            ON CONFLICT (one) DO UPDATE SET
                commit_id = excluded.commit_id, directory = excluded.directory, revision = excluded.revision,
                reader = excluded.reader, serial = excluded.serial, manifests = excluded.manifests,
                bytes = excluded.bytes, counts = excluded.counts
            """,
            [
                "commit": record.commit, "directory": record.directory, "revision": revision,
                "reader": record.reader, "serial": serial + 1, "manifests": record.manifests, "bytes": record.bytes,
                "counts": JSON.object(
                    JSONMembers(record.counts.map { ($0.key.rawValue, .number(JSONNumber($0.value))) })),
            ])
    }

    private func removeFile(_ path: String) throws {
        try endInclusions(of: path)
        try run("DELETE FROM source_file WHERE path = :path", ["path": path])
    }

    private func endInclusions(of path: String) throws {
        let includes: JSON? = try value("SELECT includes FROM source_file WHERE path = :path", ["path": path])
        for included in (includes?.array ?? []).compactMap(\.string) {
            let names: Arguments = ["included": included, "path": path]
            try run("DELETE FROM source_inclusion WHERE included = :included AND path = :path", names)
            try run(
                """
                DELETE FROM source_file WHERE path = :included AND role = 'included'
                    AND NOT EXISTS (SELECT 1 FROM source_inclusion WHERE included = :included)
                """, ["included": included])
        }
    }

    private func remove(_ references: SourceReferences) throws {
        for target in Set(references.old.map(\.target)) {
            try run(
                """
                DELETE FROM resource_reference WHERE target_kind = :target_kind AND target_name = :target_name
                    AND kind = :kind AND name = :name
                """, references.id.arguments.merging(target.targetArguments) { _, own in own })
        }
    }

    private func set(_ note: SourceNote) throws {
        try run("DELETE FROM resource_note WHERE kind = :kind AND name = :name", note.id.arguments)
        guard !note.isEmpty else { return }
        try run(
            "INSERT INTO resource_note (kind, name, renamed_from, advice) VALUES (:kind, :name, :former, :advice)",
            note.id.arguments.merging([
                "former": note.renamedFrom, "advice": JSON.array(note.advice.map(\.json)),
            ]) { _, own in own })
    }
}

/// The rows of files and references.
private struct SourceRows {
    private let file: BoundStatement
    private let inclusion: BoundStatement
    private let reference: BoundStatement
    private var values = RowValues()

    init(_ db: Database) throws {
        // A manifest that another one includes stays a manifest.
        file = try BoundStatement(
            db,
            """
            INSERT INTO source_file (path, role, blob, size, declares, includes, diagnostics, each_time)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (path) DO UPDATE SET
                role = excluded.role, blob = excluded.blob, size = excluded.size, declares = excluded.declares,
                includes = excluded.includes, diagnostics = excluded.diagnostics, each_time = excluded.each_time
            WHERE excluded.role <> 'included' OR source_file.role = 'included'
            """)
        inclusion = try BoundStatement(
            db, "INSERT INTO source_inclusion (included, path) VALUES (?, ?) ON CONFLICT DO NOTHING")
        reference = try BoundStatement(
            db,
            """
            INSERT INTO resource_reference (target_kind, target_name, kind, name, is_use) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
    }

    mutating func insert(_ file: SourceFile) throws {
        let diagnostics = file.diagnostics.isEmpty ? nil : JSON.array(file.diagnostics.map(\.json)).writtenText
        values.removeAll()
        values.add(file.path)
        values.add(file.role.rawValue)
        values.add(file.blob)
        values.add(file.size)
        values.add(bytes: file.declaresJSON.writtenBytes)
        values.add(bytes: JSON.array(file.includes.map(JSON.string)).writtenBytes)
        values.add(diagnostics)
        values.add(file.includesHidden ? 1 : 0)
        try self.file.run(values)
        for included in file.includes {
            values.removeAll()
            values.add(included)
            values.add(file.path)
            try inclusion.run(values)
        }
    }

    mutating func insert(_ references: SourceReferences) throws {
        let uses = Dictionary(references.new.map { ($0.target, $0.isUse) }, uniquingKeysWith: { $0 || $1 })
        for (target, isUse) in uses {
            values.removeAll()
            values.add(target.kind.rawValue)
            values.add(target.name)
            values.add(references.id.kind.rawValue)
            values.add(references.id.name)
            values.add(isUse ? 1 : 0)
            try reference.run(values)
        }
    }
}

extension ResourceID {
    fileprivate var targetArguments: Arguments { ["target_kind": kind.rawValue, "target_name": name] }
}
