/// What `waitUntil` throws when the condition did not come true in time.
package struct WaitTimeout: Error, CustomStringConvertible {
    package let description: String
}

/// Waits for a condition that another task, thread or process makes true, and looks every few milliseconds.
package func waitUntil(
    _ what: String = "the condition", timeout: Duration = .seconds(60),
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: timeout)
    while try await !condition() {
        guard clock.now < deadline else {
            throw WaitTimeout(description: "\(what) did not come true within \(timeout)")
        }
        try await clock.sleep(for: .milliseconds(5))
    }
}
