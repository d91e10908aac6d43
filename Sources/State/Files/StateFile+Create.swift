import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension StateFile {
    /// Makes an empty state, whole or not at all: it is written under another name and then renamed, so that a crash
    /// leaves no file that could be taken for a state. Needs the lock.
    func create() throws(StateError) {
        let draft = path + ".new"
        for name in [draft, draft + "-journal", draft + "-wal", draft + "-shm"] { unlink(name) }
        let descriptor = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StateError(
                .readOnly, "\(draft) cannot be made: see who owns its directory", underlying: SystemMessage.current)
        }
        close(descriptor)
        do {
            let queue = try DatabaseQueue(path: draft, configuration: Connection.configuration(label: "create"))
            try queue.inDatabase { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                // Half a draft is thrown away.
                try db.execute(sql: "PRAGMA journal_mode = OFF")
                try Migrations.start(on: db)
            }
            try queue.close()
        } catch {
            unlink(draft)
            throw StateError(error, while: "making the state \(path)")
        }
        guard rename(draft, path) == 0 else {
            throw StateError(.io, "\(draft) cannot be renamed", underlying: SystemMessage.current)
        }
        try syncDirectory()
    }

    /// So that the new name outlives a power cut.
    func syncDirectory() throws(StateError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StateError(.io, "\(directory) cannot be opened", underlying: SystemMessage.current)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StateError(.io, "\(directory) cannot be synced", underlying: SystemMessage.current)
        }
    }
}
