import Git

/// A command's work once more, from the beginning: a push, a repack or a prune in the middle of a read takes away what
/// was just there (fault B56). What is wrong for good is told the second time. Nothing may be said or changed before
/// all is read.
enum ReaderRetry {
    static func once(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch let error as GitError {
            guard error.mayPass else { throw error }
            try work()
        }
    }
}
