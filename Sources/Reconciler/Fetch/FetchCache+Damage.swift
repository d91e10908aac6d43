import Git

extension Error {
    /// Whether a cache that is read so is better made anew: an object is missing or damaged there, as after a power cut.
    var saysOfDamage: Bool {
        switch self {
        case let error as GitError: error.code == .corruptObject
        case let error as ReaderError: error.code != .notStarted && error.code != .overLimit
        default: false
        }
    }
}
