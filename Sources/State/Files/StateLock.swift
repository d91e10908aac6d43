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
    private let signature: [UInt8]

    private static let holderLimit = 4_096
    /// The file keeps its length, so that a full disk has room for what a holder says of itself.
    private static let length = 512

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
        signature = Self.padded(Array(holder.json.canonicalText.utf8))
        self.descriptor = Mutex(descriptor)
        sign()
    }

    /// Says who holds the lock, unless that is said already. The words are for people: a lock that could not be signed is
    /// a lock all the same.
    func sign() {
        descriptor.withLock { descriptor in
            guard let descriptor, Self.bytes(in: descriptor) != signature else { return }
            if pwrite(descriptor, signature, signature.count, 0) == signature.count {
                _ = ftruncate(descriptor, off_t(signature.count))
            }
        }
    }

    deinit { release() }

    /// Gives the lock back; once is enough. What stands in the file goes first: who finds words there finds a holder,
    /// or one that was killed.
    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor {
                let blank = Self.padded([])
                let isBlank = pwrite(open, blank, blank.count, 0) == blank.count
                _ = ftruncate(open, isBlank ? off_t(blank.count) : 0)
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
        guard let json = try? JSON(parsing: bytes(in: descriptor)) else { return nil }
        return LockHolder(json: json)
    }

    private static func bytes(in descriptor: CInt) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: holderLimit)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(count, 0)))
    }

    private static func padded(_ text: [UInt8]) -> [UInt8] {
        text + [UInt8](repeating: UInt8(ascii: " "), count: max(length - 1 - text.count, 0)) + [UInt8(ascii: "\n")]
    }
}
