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
        let target = try StateFile(path: file)
        let draft = try BackupDraft(of: file)
        do {
            try copy(to: draft.path)
            try Self.check(draft.path)
            try draft.sync()
            // Unlike a renaming, a link never takes the place of a file that came meanwhile.
            guard link(draft.path, file) == 0 else {
                throw StateError(.conflict, "\(file) cannot be made", underlying: SystemMessage.current)
            }
            try target.syncDirectory()
        } catch {
            draft.remove()
            throw StateError(error, while: "backing up the state \(path)")
        }
        draft.remove()
        try target.syncDirectory()
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
