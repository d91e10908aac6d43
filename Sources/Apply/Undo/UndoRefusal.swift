import Spec

/// Why something is not taken back.
package struct UndoRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// There is no such revision or resource.
        case notFound
        /// What is recorded since stands against it.
        case conflict
    }

    package let code: Code
    /// What is in the way and what to do.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
