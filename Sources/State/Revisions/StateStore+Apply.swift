import GRDB
import Spec
import Values

extension StateStore {
    /// Records a new revision: resources, their history, schedule cursors and the observation, together.
    ///
    /// Throws `moved` with every resource that is not as the plan saw it; nothing is changed then.
    package func apply(_ application: RevisionApplication) throws(StateError) -> Revision {
        try write("recording the revision of commit \(application.commit)") { db in
            try db.refuseMoved(application.changes)
            let last: Int? = try db.value("SELECT max(number) FROM revision")
            let number = (last ?? 0) + 1
            let revision = try db.insertRevision(number, application)
            try db.run("INSERT INTO recording (revision) VALUES (:number)", ["number": number])
            if let restoring = application.restoring { try db.restore(restoring) }
            try db.end(application.changes.filter { $0.action != .create }, in: number)
            let inserted = application.changes.count { $0.action != .delete }
            try db.without(["version_added"], rows: inserted) {
                var rows = try ResourceRows(db, revision: number)
                for (position, change) in application.changes.enumerated() {
                    try rows.insert(change, position: position)
                }
            }
            let renamed = application.changes.filter { $0.action == .rename }
            try db.renameCursors(renamed)
            try db.renameOverrides(renamed, by: application.actor, at: application.at)
            try db.renameLanes(renamed)
            try db.renameEndpoints(renamed)
            try db.renameChannels(renamed)
            try db.renameProblems(renamed)
            try db.renameRegistrations(renamed)
            for (id, place) in application.places { try db.move(id, to: place) }
            try db.move(application.texts)
            let touched = last == nil ? [] : application.cursors.map(\.trigger) + application.removedCursors
            for trigger in touched {
                guard let cursor = try db.scheduleCursor(of: trigger), let skipped = application.undecided(cursor)
                else {
                    continue
                }
                try self.insert(skipped, of: trigger, at: application.at, in: db)
            }
            try db.bury(application, in: number)
            for cursor in application.cursors { try db.set(cursor, application.upcoming[cursor.trigger]) }
            for trigger in application.removedCursors {
                try db.run("DELETE FROM schedule_cursor WHERE trigger_name = :trigger", ["trigger": trigger])
            }
            if let settings = application.settings { try db.set(settings, of: application.commit) }
            if let sources = application.sources { try db.record(sources, revision: number) }
            if let stale = application.stale { try db.set(stale, commit: application.commit, at: application.at) }
            try db.run("DELETE FROM recording")
            try db.insert(
                Observation(
                    commit: application.commit, branch: application.branch, at: application.at, outcome: .applied,
                    revision: number, message: application.message, diagnostics: application.diagnostics))
            return revision
        }
    }

    /// Records a commit that changes no resource: where they stand now, what the repository says of itself, what its
    /// files say, and that it was looked at.
    ///
    /// - Parameter directory: where the manifests are from now on; nil where they stay
    package func follow(
        _ observation: Observation?, directory: String? = nil, places: [ResourceID: Place] = [:],
        texts: [MovedTexts] = [], settings: (Settings, commit: String)? = nil,
        sources: SourceRecord? = nil, stale: [StaleResource]? = nil, restoring: Restoring? = nil
    ) throws(StateError) {
        try write("recording commit \(observation?.commit ?? "") without changes") { db in
            if let restoring { try db.restore(restoring) }
            if let directory {
                try db.run(
                    """
                    UPDATE revision SET directory = :directory WHERE number = (SELECT max(number) FROM revision)
                    """, ["directory": directory])
            }
            for (id, place) in places { try db.move(id, to: place) }
            try db.move(texts)
            if let (settings, commit) = settings { try db.set(settings, of: commit) }
            if let sources {
                let last: Int? = try db.value("SELECT max(number) FROM revision")
                try db.record(sources, revision: last ?? 0)
            } else if settings != nil || !places.isEmpty || !texts.isEmpty {
                // What is recorded of the files is of a commit that is followed no more.
                try db.run("DELETE FROM source_index")
            }
            if let observation {
                try db.insertUnlessRepeated(observation, touching: false)
                if let stale { try db.set(stale, commit: observation.commit ?? "", at: observation.at) }
            }
        }
    }
}

extension Database {
    fileprivate func refuseMoved(_ changes: [ResourceChange]) throws {
        // A rename gives its former name free, so that within one revision names may change places.
        let known = try changes.count > Self.manyRows ? digestsInForce() : nil
        // Where nothing is in force yet, nothing can have moved that is created.
        let asked = known?.isEmpty == true ? changes.filter { $0.action != .create } : changes
        let ended = Set(asked.flatMap { $0.expectations.filter { $0.digest != nil }.map(\.id) })
        let moved = try asked.flatMap(\.expectations).filter { expected in
            let recorded = try known.map { $0[expected.id] } ?? digestInForce(of: expected.id)
            if expected.digest == nil, recorded != nil, ended.contains(expected.id) { return false }
            return recorded != expected.digest
        }
        guard !moved.isEmpty else { return }
        throw StateError(moved: moved.map(\.id))
    }

    private func digestInForce(of id: ResourceID) throws -> Digest? {
        try value(
            "SELECT digest FROM resource_version WHERE kind = :kind AND name = :name AND to_revision IS NULL",
            id.arguments)
    }

    private func digestsInForce() throws -> [ResourceID: Digest] {
        let rows = try rows("SELECT kind, name, digest FROM resource_version WHERE to_revision IS NULL")
        return Dictionary(
            try rows.map { (try ResourceID(row: $0), try $0.get("digest")) }, uniquingKeysWith: { first, _ in first })
    }

    fileprivate func insertRevision(_ number: Int, _ application: RevisionApplication) throws -> Revision {
        let row = try row(
            """
            INSERT INTO revision (number, commit_id, branch, directory, created_at, plan_digest, summary, actor,
                undoes, undoes_kind, undoes_name)
            VALUES (:number, :commit, :branch, :directory, :at, :digest, :summary, :actor,
                :undoes, :undoesKind, :undoesName) RETURNING *
            """,
            [
                "number": number, "commit": application.commit, "branch": application.branch,
                "directory": application.directory, "at": application.at,
                "digest": application.planDigest, "summary": application.summary, "actor": application.actor,
                "undoes": application.undoes?.revision, "undoesKind": application.undoes?.resource?.kind.rawValue,
                "undoesName": application.undoes?.resource?.name,
            ])
        guard let row else { throw StateError(.other, "SQLite gave no row back for a new revision") }
        return try Revision(row: row)
    }

    /// What these changes replace, delete or rename is in force no longer.
    fileprivate func end(_ changes: [ResourceChange], in revision: Int) throws {
        for expected in changes.flatMap(\.expectations) where expected.digest != nil {
            try run(
                """
                UPDATE resource_version SET to_revision = :revision
                WHERE kind = :kind AND name = :name AND to_revision IS NULL
                """, expected.id.arguments.merging(["revision": revision]) { _, own in own })
        }
    }

    /// The schedule of a renamed trigger goes on where it was.
    fileprivate func renameCursors(_ changes: [ResourceChange]) throws {
        let names = changes.filter { $0.id.kind == .trigger }.compactMap { change in
            change.formerID.map { (former: $0.name, name: change.id.name) }
        }
        let cursors = try names.compactMap { names in
            try row("SELECT * FROM schedule_cursor WHERE trigger_name = :name", ["name": names.former])
                .map { (names, try ScheduleCursor(row: $0), try UpcomingInstant(row: $0)) }
        }
        for (names, _, _) in cursors {
            try run("DELETE FROM schedule_cursor WHERE trigger_name = :name", ["name": names.former])
        }
        for (names, cursor, upcoming) in cursors {
            try set(
                ScheduleCursor(trigger: names.name, instant: cursor.instant, specDigest: cursor.specDigest), upcoming)
        }
    }

    fileprivate func move(_ id: ResourceID, to place: Place) throws {
        try run(
            """
            UPDATE resource_version SET path = :path, line = :line, column_number = :column
            WHERE kind = :kind AND name = :name AND to_revision IS NULL
                AND (path <> :path OR line <> :line OR column_number <> :column)
            """, id.arguments.merging(place.arguments) { _, own in own })
    }
}

/// The rows that a revision adds for each change.
private struct ResourceRows {
    private let revision: Int
    private let change: BoundStatement
    private let manifest: BoundStatement
    private let version: BoundStatement
    private var values = RowValues()

    init(_ db: Database, revision: Int) throws {
        self.revision = revision
        change = try BoundStatement(
            db,
            """
            INSERT INTO revision_change (revision, position, action, kind, name, former_name, reason, fields)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        manifest = try BoundStatement(
            db, "INSERT INTO manifest (digest, body) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING")
        version = try BoundStatement(
            db,
            """
            INSERT INTO resource_version (kind, name, digest, path, line, column_number, from_revision)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
    }

    mutating func insert(_ change: ResourceChange, position: Int) throws {
        let id = change.id
        values.removeAll()
        values.add(revision)
        values.add(position)
        values.add(change.action.rawValue)
        values.add(id.kind.rawValue)
        values.add(id.name)
        values.add(change.formerID?.name)
        values.add(change.reason)
        values.add(change.fields)
        try self.change.run(values)
        guard let content = change.content else { return }
        let digest = content.digest.text
        values.removeAll()
        values.add(digest)
        // In canonical JSON a NUL is escaped.
        values.add(bytes: content.body)
        try manifest.run(values)
        let place = content.place
        values.removeAll()
        values.add(id.kind.rawValue)
        values.add(id.name)
        values.add(digest)
        values.add(place.path)
        values.add(place.mark.line)
        values.add(place.mark.column)
        values.add(revision)
        try version.run(values)
    }
}

extension Place {
    fileprivate var arguments: Arguments { ["path": path, "line": mark.line, "column": mark.column] }
}
