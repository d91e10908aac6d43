import GRDB
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Puts a backup in the place of a state.
///
/// SQLite plays the log that lies beside a file into it, whosever it is, and finds nothing wrong with that (fault D86):
/// the old state goes aside with its log before the backup gets its name.
package struct StateRestore: Sendable {
    package struct Outcome: Sendable, Hashable {
        /// The last revision in the backup.
        package let revision: Int
        package let bytes: Int64
        /// Where what was there before is now.
        package let kept: String?
    }

    /// What tells one state from another, or from itself at another time.
    private struct Stamp: Hashable {
        let revision: Int
        let event: Int
        let run: Int
        let observation: Int
        let pages: Int
    }

    private let backup: String
    private let path: String

    package init(backup: String, to path: String) {
        self.backup = backup
        self.path = path
    }

    /// - Parameters:
    ///   - command: what others are told who holds the state meanwhile
    package func run(command: String, now: Instant) throws(StateError) -> Outcome {
        guard try isThere() else {
            throw StateError(.notFound, "\(backup) is not there: give the file that `writ backup` wrote")
        }
        if let log = FileFacts(backup + "-wal"), log.size > 0 {
            throw StateError(
                .conflict, "\(backup) has a log of its own, and so is a state and no backup: copy it with `writ backup`"
            )
        }
        let stamp: Stamp
        do {
            stamp = try Self.stamp(of: backup)
        } catch {
            throw ofBackup(error)
        }
        let file = try StateFile(path: path)
        try file.makeDirectory()
        let lock = try StateLock(
            ofStateAt: path, holder: LockHolder(pid: Int(getpid()), command: command, startedAt: now))
        defer { lock.release() }
        let aside = SettingAside(file)
        // Never over the draft that another restoration left: without a state, that alone says that there was one.
        let copied = file.draftOfRestore + ".partial"
        try copy(to: copied)
        try move(copied, to: file.draftOfRestore, in: file)
        let kept = try aside.run(now)
        try move(file.draftOfRestore, to: path, in: file)
        guard try Self.stamp(of: path) == stamp else {
            throw StateError(.damaged, "\(path) is not what was restored: see whether anybody else writes to it")
        }
        return Outcome(revision: stamp.revision, bytes: FileFacts(path)?.size ?? 0, kept: kept)
    }

    private func isThere() throws(StateError) -> Bool {
        do {
            return try StateFile(path: backup).exists()
        } catch {
            throw ofBackup(error)
        }
    }

    /// What is wrong with the backup, which must not be taken for what is wrong with the state.
    private func ofBackup(_ error: StateError) -> StateError {
        switch error.code {
        case .damaged:
            StateError(
                .damaged, "the backup \(backup) is damaged: take another one; nothing was changed",
                underlying: error.underlying)
        case .notState:
            StateError(
                .notState, "\(backup) is no backup: give the file that `writ backup` wrote; nothing was changed",
                underlying: error.underlying)
        case .newerSchema:
            StateError(
                .newerSchema,
                "the backup \(backup) was written by a newer version of writ: use that version; nothing was changed",
                underlying: error.underlying)
        default: error
        }
    }

    /// Also looks for damage.
    private static func stamp(of path: String) throws(StateError) -> Stamp {
        do {
            let queue = try DatabaseQueue(
                path: path, configuration: Connection.configuration(label: "restore", readonly: true))
            let stamp = try queue.inDatabase { db in
                try Migrations.check(db)
                let problems = try IntegrityCheck.problems(db)
                guard problems.isEmpty else {
                    throw StateError(
                        .damaged, "\(path) is damaged: take another backup",
                        underlying: problems.prefix(3).joined(separator: "; "))
                }
                func last(_ column: String, _ table: String) throws -> Int {
                    try Int.fetchOne(db, sql: "SELECT max(\(column)) FROM \(table)") ?? 0
                }
                return Stamp(
                    revision: try last("number", "revision"), event: try last("seq", "event"),
                    run: try last("seq", "run"), observation: try last("seq", "observation"),
                    pages: try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0)
            }
            try queue.close()
            return stamp
        } catch {
            throw StateError(error, while: "reading the backup \(path)")
        }
    }

    private func copy(to draft: String) throws(StateError) {
        unlink(draft)
        let source = open(backup, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else {
            throw StateError(.readOnly, "\(backup) cannot be read", underlying: SystemMessage.current)
        }
        defer { close(source) }
        let target = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard target >= 0 else {
            throw StateError(
                .readOnly, "\(draft) cannot be made: see who owns its directory", underlying: SystemMessage.current)
        }
        defer { close(target) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(draft, "read") }
            if count == 0 { break }
            var place = 0
            while place < count {
                let written = buffer[place..<count].withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw failure(draft, "written") }
                place += written
            }
        }
        guard fsync(target) == 0 else { throw failure(draft, "synced") }
    }

    private func move(_ name: String, to other: String, in file: StateFile) throws(StateError) {
        guard rename(name, other) == 0 else {
            throw StateError(.io, "\(name) cannot be renamed", underlying: SystemMessage.current)
        }
        try file.syncDirectory()
    }

    private func failure(_ draft: String, _ verb: String) -> StateError {
        let isFull = errno == ENOSPC
        let reason = SystemMessage.current
        unlink(draft)
        return StateError(
            isFull ? .full : .io, "the backup cannot be \(verb): nothing was changed", underlying: reason)
    }
}
