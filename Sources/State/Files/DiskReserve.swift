import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file beside the state that holds space for when there is none: it is given up when the disk is full, so that the
/// end of what is under way and the alarm itself can be recorded (fault D76). Until it is there again nothing new is
/// taken, so that its space is left for that.
final class DiskReserve: Sendable {
    private enum Stage { case none, held, given }

    let path: String
    private let stage = Mutex(Stage.none)

    static let bytes: Int64 = 16 << 20
    /// What must be free beside it: otherwise the disk would be full the moment that it is made.
    private static let margin: Int64 = 1 << 20

    init(ofStateAt path: String) {
        self.path = path + ".reserve"
    }

    /// Whether its space was given up, and the disk has not been found roomy since.
    var isGiven: Bool { stage.withLock { $0 == .given } }

    /// Makes it, unless it is there. Returns whether it is there now.
    func make() -> Bool {
        stage.withLock { stage in
            guard stage != .held else { return true }
            if let facts = FileFacts(path), facts.isRegular, facts.size == Self.bytes {
                stage = .held
                return true
            }
            unlink(path)
            guard WriteHealth.free(beside: path) >= UInt64(Self.bytes + Self.margin), Self.fill(path) else {
                return false
            }
            stage = .held
            return true
        }
    }

    /// Gives its space up. Returns whether there was any.
    @discardableResult
    func give() -> Bool {
        stage.withLock { stage in
            guard stage == .held else { return false }
            stage = .given
            return unlink(path) == 0
        }
    }

    /// Takes it away with what it stood for, when nobody serves any more.
    func remove() {
        stage.withLock { stage in
            if stage == .held { unlink(path) }
            stage = .none
        }
    }

    private static func fill(_ path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        #if canImport(Glibc)
            // Takes the blocks and writes nothing, where the file system can do that.
            var reason: CInt
            repeat { reason = posix_fallocate(descriptor, 0, off_t(bytes)) } while reason == EINTR
            guard reason == EINVAL || reason == EOPNOTSUPP else {
                if reason != 0 { unlink(path) }
                return reason == 0
            }
        #endif
        // Real blocks: a file with a hole in it holds nothing.
        let buffer = [UInt8](repeating: 0, count: 1 << 20)
        var rest = bytes
        while rest > 0 {
            let count = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                unlink(path)
                return false
            }
            rest -= Int64(count)
        }
        return true
    }
}
