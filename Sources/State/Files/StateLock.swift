import Synchronization
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The right to write a state: an advisory lock on a file beside it, gone with its process however that ends.
///
/// The lock file stays when the lock is given back: a file that others may be waiting at cannot be removed safely.
final class StateLock: Sendable {
    private let descriptor: Mutex<CInt?>

    private static let holderLimit = 4_096

    /// Takes the lock of the state at `path` or throws `locked` with its holder.
    init(ofStateAt path: String, holder: LockHolder) throws(StateError) {
        let file = path + ".lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StateError(
                .readOnly, "the lock file \(file) cannot be opened for writing: see who owns it and its directory",
                underlying: SystemMessage.current)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            defer { close(descriptor) }
            guard reason == EWOULDBLOCK else {
                throw StateError(.io, "\(file) cannot be locked", underlying: SystemMessage.text(reason))
            }
            throw Self.taken(path, by: Self.holder(in: descriptor))
        }
        // The words are for people: a lock that could not be signed is a lock all the same.
        let text = Array((holder.json.canonicalText + "\n").utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Gives the lock back; once is enough. What stands in the file goes first: who finds words there finds a holder,
    /// or one that was killed.
    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor {
                _ = ftruncate(open, 0)
                close(open)
            }
            descriptor = nil
        }
    }

    /// Who holds the lock of the state at `path`, without touching it: a lock tried for a moment could turn a writer
    /// away. A holder that was killed counts as gone.
    static func holder(ofStateAt path: String) -> LockHolder? {
        let descriptor = open(path + ".lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let holder = holder(in: descriptor), let pid = pid_t(exactly: holder.pid), pid > 0 else { return nil }
        return kill(pid, 0) == 0 || errno == EPERM ? holder : nil
    }

    private static func taken(_ path: String, by holder: LockHolder?) -> StateError {
        let who = holder.map { "held by \($0)" } ?? "held by another process"
        return StateError(
            .locked(holder), "the state \(path) is \(who): only one process writes it; end that one, or try later")
    }

    /// What the holder wrote; `nil` in the moment between its locking and its writing.
    private static func holder(in descriptor: CInt) -> LockHolder? {
        var bytes = [UInt8](repeating: 0, count: holderLimit)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0, let json = try? JSON(parsing: Array(bytes.prefix(count))) else { return nil }
        return LockHolder(json: json)
    }
}
