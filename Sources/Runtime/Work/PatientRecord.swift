import Logging
import State
import Values

/// Records what was done outside and cannot be undone, and waits out a state that cannot take it for a while, as on a
/// full disk: without its record it would be done once more.
struct PatientRecord: Sendable {
    let clock: any RuntimeClock
    let logger: Logger

    private static let tries = 10
    private static let pause = Duration.seconds(3)

    /// Throws what the last try threw, also where the task is cancelled while it waits.
    ///
    /// - Parameters:
    ///   - what: for the log: `the end of a run`
    ///   - body: to be called again after an error that may pass
    func callAsFunction<Value>(
        _ what: String, _ body: () throws(StateError) -> Value
    ) async throws(StateError) -> Value {
        var attempt = 1
        while true {
            do {
                return try body()
            } catch {
                guard error.isTransient, attempt < Self.tries else { throw error }
                logger.warning("\(what) cannot be recorded yet: \(error)")
                let next = clock.now().advanced(by: Self.pause)
                guard (try? await clock.sleep(until: next)) != nil else { throw error }
                attempt += 1
            }
        }
    }
}
