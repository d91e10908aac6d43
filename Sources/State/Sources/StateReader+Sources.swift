import GRDB
import Spec
import Values

/// Questions about the recorded files, each answered from an index. What is asked in several calls is of one moment if
/// `sourceIndex()` answers the same before and after.
extension StateReader {
    /// `nil` where nothing was recorded yet.
    package func sourceIndex() throws(StateError) -> SourceIndex? {
        try read("reading the record of the files") { db in
            try db.row("SELECT * FROM source_index").map(SourceIndex.init(row:))
        }
    }

    /// Whether somebody else than Writ changed the record since it was written as a whole: what it tells is not built upon
    /// then.
    package func isSourceRecordAltered() throws(StateError) -> Bool {
        try read("looking for what was altered in the record of the files") { db in
            try db.value("SELECT EXISTS (SELECT 1 FROM source_alteration)") ?? false
        }
    }

    /// The commit of which everything is recorded, as of the revision in force; `nil` where that is not so.
    package func followedCommit(below directory: String) throws(StateError) -> String? {
        guard let index = try sourceIndex(), let revision = try latestRevision(), index.revision == revision.number,
            index.directory == directory, revision.directory == directory, try !isSourceRecordAltered()
        else { return nil }
        return index.commit
    }

    /// What is recorded of the files at some paths, by path.
    package func sourceFiles(at paths: some Collection<String>) throws(StateError) -> [String: SourceFile] {
        try read("reading the record of the files") { db in
            var files: [String: SourceFile] = [:]
            for path in paths {
                guard let row = try db.row("SELECT * FROM source_file WHERE path = :path", ["path": path]) else {
                    continue
                }
                files[path] = try SourceFile(row: row)
            }
            return files
        }
    }

    /// The manifests that carry the text of one of these files.
    package func manifests(including paths: some Collection<String>) throws(StateError) -> Set<String> {
        try read("reading the record of the files") { db in
            var found: Set<String> = []
            for path in paths {
                for row in try db.rows("SELECT path FROM source_inclusion WHERE included = :path", ["path": path]) {
                    found.insert(try row.get("path"))
                }
            }
            return found
        }
    }

    /// Files whose inclusions no comparison of two trees shows.
    package func filesToReadEachTime() throws(StateError) -> Set<String> {
        try read("reading the record of the files") { db in
            Set(try db.rows("SELECT path FROM source_file WHERE each_time = 1").map { try $0.get("path") })
        }
    }

    /// What is wrong with single files, without those at `paths`.
    package func fileDiagnostics(without paths: Set<String>) throws(StateError) -> [Diagnostic] {
        try read("reading the record of the files") { db in
            try db.rows("SELECT path, diagnostics FROM source_file WHERE diagnostics IS NOT NULL").flatMap { row in
                let path: String = try row.get("path")
                return paths.contains(path) ? [] : Diagnostic.list(try row.get("diagnostics"))
            }
        }
    }

    /// Everything that is noted of resources.
    package func sourceNotes() throws(StateError) -> [SourceNote] {
        try read("reading the notes on resources") { db in
            try db.rows("SELECT * FROM resource_note").map { row in
                SourceNote(
                    try ResourceID(row: row), renamedFrom: try row.find("renamed_from"),
                    advice: Diagnostic.list(try row.get("advice")))
            }
        }
    }

    /// Who names each of these resources.
    ///
    /// - Parameter usesOnly: only those by whom work comes to it
    package func users(
        of targets: some Collection<ResourceID>, usesOnly: Bool
    ) throws(StateError) -> [ResourceID: [ResourceID]] {
        try read("reading who refers to what") { db in
            var found: [ResourceID: [ResourceID]] = [:]
            for target in targets {
                let rows = try db.rows(
                    """
                    SELECT kind, name FROM resource_reference
                    WHERE target_kind = :kind AND target_name = :name AND is_use >= :least
                    """, target.arguments.merging(["least": usesOnly ? 1 : 0]) { _, own in own })
                found[target] = try rows.map(ResourceID.init(row:))
            }
            return found
        }
    }

    /// Those of some resources that are in force.
    package func resources(_ ids: some Collection<ResourceID>) throws(StateError) -> [AppliedResource] {
        try read("reading resources") { db in try ids.compactMap { try db.resourceInForce($0) } }
    }

    /// Triggers in force that are not suspended.
    package func enabledTriggers() throws(StateError) -> Int {
        try read("counting the triggers") { db in
            try db.value(
                """
                SELECT count(*) FROM resource_version JOIN manifest USING (digest)
                WHERE kind = 'Trigger' AND to_revision IS NULL
                    AND coalesce(json_extract(body, '$.spec.suspend'), 0) = 0
                """) ?? 0
        }
    }
}

extension SourceFile {
    fileprivate init(row: Row) throws {
        let role: String = try row.get("role")
        let declares: JSON = try row.get("declares")
        let includes: JSON = try row.get("includes")
        let diagnostics: JSON? = try row.find("diagnostics")
        self.init(
            path: try row.get("path"), role: Role(rawValue: role) ?? .unread, blob: try row.get("blob"),
            size: try row.get("size"), declares: Self.identities(declares) ?? [],
            includes: (includes.array ?? []).compactMap(\.string),
            diagnostics: diagnostics.map(Diagnostic.list) ?? [])
    }
}

extension Diagnostic {
    fileprivate static func list(_ json: JSON) -> [Diagnostic] {
        (json.array ?? []).compactMap { Diagnostic($0) }
    }
}
