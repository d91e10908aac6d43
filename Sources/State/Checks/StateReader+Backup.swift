import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension StateReader {
    /// Writes a whole, consistent copy of the state to a file that is not there yet, for its owner alone, while others
    /// read and write the state. The copy is checked before it gets its name.
    ///
    /// - Returns: bytes of the copy
    package func backUp(to file: String) throws(StateError) -> Int64 {
        guard FileFacts(file) == nil else {
            throw StateError(.conflict, "\(file) is there already: give another name, or remove it")
        }
        let draft = file + ".partial"
        try BackupDraft.make(draft)
        do {
            try copy(to: draft)
            try Self.check(draft)
            try BackupDraft.sync(draft)
        } catch {
            unlink(draft)
            throw StateError(error, while: "backing up the state \(path)")
        }
        // Unlike a renaming, a link never takes the place of a file that came meanwhile.
        guard link(draft, file) == 0 else {
            let reason = SystemMessage.current
            unlink(draft)
            throw StateError(.conflict, "\(file) cannot be made", underlying: reason)
        }
        unlink(draft)
        return FileFacts(file)?.size ?? 0
    }

    private func copy(to draft: String) throws {
        let queue = try DatabaseQueue(
            path: path, configuration: Connection.configuration(label: "backup", readonly: true))
        try queue.inDatabase { db in try db.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
        try queue.close()
    }

    private static func check(_ draft: String) throws {
        let queue = try DatabaseQueue(
            path: draft, configuration: Connection.configuration(label: "copy", readonly: true))
        try queue.inDatabase { db in
            try Migrations.check(db)
            let problems = try IntegrityCheck.problems(db)
            guard problems.isEmpty else {
                throw StateError(
                    .damaged, "the copy is damaged, and so is the state: see `writ doctor`",
                    underlying: problems.prefix(3).joined(separator: "; "))
            }
        }
        try queue.close()
    }
}

/// The file that becomes a backup.
private enum BackupDraft {
    /// SQLite writes into an empty file that is there, and leaves its mode.
    static func make(_ path: String) throws(StateError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StateError(
                .readOnly,
                "\(path) cannot be made: see whether its directory is there and yours, and whether another backup is"
                    + " under way", underlying: SystemMessage.current)
        }
        close(descriptor)
    }

    static func sync(_ path: String) throws(StateError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw StateError(.io, "\(path) cannot be synced", underlying: SystemMessage.current)
        }
    }
}
