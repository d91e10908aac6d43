import NIOCore
import Synchronization

/// Connections that were told that they are over. What else came by them already, in one piece with what was refused, is
/// nobody's request any more: a proxy in front may have seen another one in it (fault F116).
final class ClosingConnections: Sendable {
    private let channels = Mutex<Set<ObjectIdentifier>>([])
    private let count = Atomic<Int>(0)

    /// Whether nothing more is answered by it.
    func contains(_ channel: any Channel) -> Bool {
        // For each request: nearly never is there one.
        guard count.load(ordering: .acquiring) > 0 else { return false }
        return channels.withLock { $0.contains(ObjectIdentifier(channel)) }
    }

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        guard channels.withLock({ $0.insert(id).inserted }) else { return }
        count.add(1, ordering: .acquiringAndReleasing)
        channel.closeFuture.whenComplete { [self] _ in
            guard channels.withLock({ $0.remove(id) }) != nil else { return }
            count.subtract(1, ordering: .acquiringAndReleasing)
        }
    }
}
