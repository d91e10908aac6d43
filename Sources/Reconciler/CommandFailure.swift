import Apply
import Git
import Outbound
import Runtime
import Server
import Spec
import State
import Values

/// Why a command could not do its work: one message for people.
struct CommandFailure: Error, CustomStringConvertible {
    let message: String
    /// For who reads objects.
    let code: DiagnosticCode
    /// The commit that was to be applied, and what is in force, where that is known.
    private(set) var commit: String?
    private(set) var basis: Plan.Basis?

    init(_ message: String, _ code: DiagnosticCode = .unreadable) {
        self.message = message
        self.code = code
    }

    /// The same with where it happened.
    func of(_ commit: ObjectID, on applied: AppliedHead) -> CommandFailure {
        var failure = self
        (failure.commit, failure.basis) = (commit.text, applied.basis)
        return failure
    }

    /// The errors of the modules below, whose descriptions already say what, where and what to do.
    init?(known error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as GitError: self.init(error.description)
        case let error as SourceError: self.init(error.description)
        case let error as ReaderError: self.init(error.description)
        case let error as ReaderError.Told: self.init(error.description)
        case let error as UndoRefusal: self.init(error.description)
        case let error as OverrideRefusal: self.init(error.description)
        case let error as UndoOutOfDate: self.init(error.description)
        case let error as StateError: self.init(error.description, error.isLock ? .locked : .unreadable)
        case let error as RuntimeError: self.init(error.description)
        case let error as ServerError: self.init(error.description)
        case let error as OutboundError: self.init(error.description)
        case let error as ZoneError: self.init(error.message)
        case let error as CronError: self.init(error.message)
        default: return nil
        }
    }

    var description: String { message }
}

extension StateError {
    fileprivate var isLock: Bool {
        if case .locked = code { true } else { false }
    }
}
