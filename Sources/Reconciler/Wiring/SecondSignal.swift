import Dispatch
import ServiceLifecycle
import Synchronization
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ends the process at once at the second signal to end: the first one lets running work finish (fault E93).
struct SecondSignal: Service {
    private static let seen = Atomic<Int>(0)

    func run() async throws {
        let sources = EndingSignals.all.map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal.rawValue, queue: .global())
            source.setEventHandler {
                if Self.seen.add(1, ordering: .relaxed).newValue >= 2 { _exit(1) }
            }
            source.resume()
            return source
        }
        // The first service of the group is the last to be told: the others have drained by then.
        try? await gracefulShutdown()
        for source in sources { source.cancel() }
    }
}
