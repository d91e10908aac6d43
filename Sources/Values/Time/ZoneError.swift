/// Why a time zone cannot be used: an unknown name, or a file that is not what it should be.
package struct ZoneError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what to do, in one sentence.
    package let message: String

    package init(message: String) {
        self.message = message
    }

    package var description: String { message }
}
