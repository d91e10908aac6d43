import Values

/// Starts runs by hand and waits for them.
package protocol ManualRunning: Sendable {
    /// Queues a run and returns its id when it has come to its end. Cancelled, it stops waiting; the run goes on.
    ///
    /// Throws a `ManualRunRefusal` for what cannot be run.
    func run(_ target: String, input: JSON?) async throws -> String
}

/// Why a run by hand was not started.
package struct ManualRunRefusal: Error, Sendable, Hashable {
    package enum Code: Sendable, Hashable {
        case notFound, badRequest, unavailable
    }

    package let code: Code
    /// What is wrong and what to do.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
