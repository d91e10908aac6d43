/// Why a text is not a cron expression.
package struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what to do, in one sentence.
    package let message: String
    /// The field that is wrong (`minute`, `day of week`); nil if it is the whole expression.
    package let field: String?

    package init(message: String, field: String? = nil) {
        self.message = message
        self.field = field
    }

    package var description: String { message }
}
