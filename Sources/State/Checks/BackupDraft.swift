#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file that becomes a backup, locked by who writes it until it has its name: one that nobody holds was left by a
/// process that was killed, and is taken over.
struct BackupDraft: ~Copyable {
    let path: String
    private let descriptor: CInt

    /// How often another one may come and go meanwhile.
    private static let tries = 10

    /// Makes an empty file, for its owner alone; SQLite writes into it and leaves its mode.
    init(of file: String) throws(StateError) {
        path = file + ".partial"
        for _ in 0..<Self.tries {
            if let made = try Self.make(path) {
                descriptor = made
                return
            }
            try Self.removeLeft(path)
        }
        throw Self.busy(path)
    }

    deinit { close(descriptor) }

    func sync() throws(StateError) {
        guard fsync(descriptor) == 0 else {
            throw StateError(.io, "\(path) cannot be synced", underlying: SystemMessage.current)
        }
    }

    func remove() { Self.remove(path) }

    /// `nil` if there is one already, or somebody took it for left.
    private static func make(_ path: String) throws(StateError) -> CInt? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return nil }
            throw StateError(
                .readOnly, "\(path) cannot be made: see whether its directory is there and yours",
                underlying: SystemMessage.current)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, FileIdentity(path) == FileIdentity(descriptor: descriptor)
        else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Removed and not emptied: it may be a finished backup, too, whose writer was killed before it gave this name up.
    private static func removeLeft(_ path: String) throws(StateError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw notADraft(path)
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_mode & 0o077 == 0 else {
            throw notADraft(path)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw busy(path) }
        // Whoever held it until now may have gone on to another one.
        if FileIdentity(path) == FileIdentity(descriptor: descriptor) { remove(path) }
    }

    /// With what SQLite left beside it, which would be played into the next one.
    private static func remove(_ path: String) {
        for end in ["-journal", "-wal", "-shm", ""] { unlink(path + end) }
    }

    private static func busy(_ path: String) -> StateError {
        StateError(.conflict, "another backup is being written to \(path): wait for its end, or give another name")
    }

    private static func notADraft(_ path: String) -> StateError {
        StateError(
            .conflict, "\(path) is there, and no backup that was cut off: remove it, or give another name",
            underlying: SystemMessage.current)
    }
}
