import Spec

/// What went wrong with the recorded state.
///
/// `message` says what happened, where, and what to do. It never holds what is stored.
package struct StateError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// Another process, or another opening in this one, writes this state.
        case locked(LockHolder?)
        /// The directory that the state's own directory should lie in is not there.
        case directoryMissing
        /// The file is there, but it is no state of Writ's.
        case notState
        /// The file is cut short, or SQLite finds its pages or our rows malformed.
        case damaged
        case readOnly
        /// Written by a later version of Writ.
        case newerSchema
        /// Written by an earlier version; whoever writes next brings it up to date.
        case olderSchema
        /// What the plan saw of these resources is no longer what is recorded.
        case moved([ResourceID])
        /// The run or delivery was taken away from its worker meanwhile (fault E90).
        case staleLease
        case notFound
        /// What is asked contradicts what is recorded.
        case conflict
        /// A page's cursor that no page gave.
        case badCursor
        case tooLarge
        /// As many runs wait as may: of this agent or tool, or of all together.
        case queueFull(RunTarget?)
        /// The disk is full. Reading goes on, and writing goes on when there is space (fault D76).
        case full
        /// Waited five seconds for a lock of SQLite's (fault D81).
        case busy
        /// A read took so long that it was given up, so that it does not hold the state's log (fault D79).
        case tooSlow
        /// The process may have no more memory at this time.
        case outOfMemory
        /// The disk failed. This opening takes no more writes (fault D75): end the process and start it again.
        case io
        /// This opening was closed.
        case closed
        /// SQLite refused for a reason that no caller can do anything about.
        case other
    }

    package let code: Code
    package let message: String
    /// SQLite's or the system's own words, where there are any.
    package let underlying: String?

    package init(_ code: Code, _ message: String, underlying: String? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// For resources that are not as a plan saw them.
    init(moved: [ResourceID]) {
        let ids = Set(moved).sorted()
        let names = ids.prefix(5).map(\.description).joined(separator: ", ")
        let more = ids.count > 5 ? " and \(ids.count - 5) more" : ""
        self.init(.moved(ids), "since the plan was made, another revision changed \(names)\(more): plan again")
    }

    package var description: String {
        underlying.map { "\(message) (\($0))" } ?? message
    }

    /// Whether the same call may succeed later without anybody doing anything to it.
    package var isTransient: Bool {
        switch code {
        case .full, .busy, .tooSlow, .outOfMemory: true
        // Where a process has too many files open, another one cannot be opened either.
        case .readOnly: true
        default: false
        }
    }
}
