import State

/// Why something does not run.
///
/// `message` says what happened and what to do; it never holds a secret or what came in.
package struct RuntimeError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// No agent, tool or trigger of this name is in force.
        case notFound
        /// No revision was applied yet.
        case nothingApplied
        case suspended
        /// Not a name, or an input that the target cannot take.
        case badRequest
        /// The waiting ended before the run did.
        case interrupted
        case state(StateError.Code)
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: StateError) {
        self.init(.state(error.code), error.description)
    }

    package var description: String { message }
}
