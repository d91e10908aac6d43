/// What `waitUntil` throws when the condition did not come true in time.
package struct WaitTimeout: Error, CustomStringConvertible {
    package let description: String
}

/// Waits for a condition that another task, thread or process makes true: looks often at first, and then more seldom,
/// because looking takes from the time of whom it waits for.
package func waitUntil(
    _ what: String = "the condition", timeout: Duration = .seconds(60),
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: timeout)
    var pause = Duration.milliseconds(2)
    while try await !condition() {
        guard clock.now < deadline else {
            throw WaitTimeout(description: "\(what) did not come true within \(timeout)")
        }
        try await clock.sleep(for: pause)
        pause = min(pause * 3 / 2, .milliseconds(50))
    }
}
