/// Why a pattern cannot be used.
package struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
    package let message: String
    /// Bytes before the place in the pattern.
    package let offset: Int

    package var description: String { "at byte \(offset): \(message)" }
}

/// A regular expression (PCRE2, UTF, with Unicode classes), searched for anywhere in a text. `$` is the very end.
///
/// It is safe on hostile texts: matching gives up beyond fixed bounds on steps, depth, memory and text length.
/// Patterns are equal when their texts are.
package struct Pattern: Sendable {
    package let text: String
    private let code: PatternCode

    /// Bytes of a pattern.
    package static let patternLimit = 4096
    /// Bytes of a text. Even harmless patterns take the square of it on a text made for that.
    package static let subjectLimit = 64 << 10

    /// Compiles `text`. Refuses `\C`, callouts, settings at the start (`(*LIMIT_MATCH=…)`, `(*UCP)` …) and more than
    /// 4 KiB.
    package init(_ text: String) throws(PatternError) {
        self.text = text
        self.code = try PatternCode(text)
    }

    package enum Outcome: Sendable, Hashable {
        case match
        case noMatch
        /// Nobody knows: the search was given up, or the text is over `subjectLimit`.
        case limitExceeded
    }

    package func outcome(on subject: String) -> Outcome {
        code.outcome(on: subject)
    }

    /// Whether a match was found. A search that was given up counts as none.
    package func matches(_ subject: String) -> Bool {
        outcome(on: subject) == .match
    }
}

extension Pattern: Hashable {
    package static func == (left: Pattern, right: Pattern) -> Bool { left.text.hasSameBytes(as: right.text) }

    package func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}
