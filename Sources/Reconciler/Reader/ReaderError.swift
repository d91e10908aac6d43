/// The process that reads a repository gave no answer. It never means anything about what the repository says.
struct ReaderError: Error, Hashable, CustomStringConvertible {
    enum Code: Hashable {
        case notStarted
        /// It ended before its answer.
        case ended
        /// Over a limit of time.
        case outOfTime
        /// Over the limit of processor time, memory or the answer's length.
        case overLimit
        /// What it said is no answer.
        case unreadableAnswer
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    var description: String { message }

    /// Something that went wrong in the reading process and has no type of its own here.
    struct Told: Error, CustomStringConvertible {
        let description: String
    }
}
