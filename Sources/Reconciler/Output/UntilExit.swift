import Synchronization

/// Keeps what a command is done with until the process ends: to take a large plan apart takes longer than to end.
enum UntilExit {
    private static let kept = Mutex<[any Sendable]>([])

    static func keep(_ value: some Sendable) { kept.withLock { $0.append(value) } }
}
