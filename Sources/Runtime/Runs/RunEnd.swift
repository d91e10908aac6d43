import Agents
import State

/// How an attempt came out, in the words of runs.
struct RunEnd: Sendable {
    /// `succeeded`, `failed` or `unknown`.
    var state: RunState
    var output: String?
    var error: String?
    var reason: String?
    var isRetryable = false
    var retryAfter: Duration?
    var usage = RunUsage()

    /// As it is recorded when it is for good.
    var outcome: RunOutcome {
        let end: RunOutcome.End =
            switch state {
            case .succeeded: .succeeded
            case .unknown: .unknown
            default: .failed
            }
        return RunOutcome(end, output: output, error: error, reason: reason, usage: usage)
    }

    init(_ state: RunState, error: String) {
        self.state = state
        self.error = error
    }

    init(_ result: RunResult) {
        switch result {
        case .succeeded(let output, let usage):
            state = .succeeded
            self.output = output
            self.usage = usage
        case .failed(let error, let reason, let isRetryable, let retryAfter, let usage):
            state = reason == .unknownEffect ? .unknown : .failed
            self.error = error
            self.reason = reason.rawValue
            self.isRetryable = isRetryable
            self.retryAfter = retryAfter
            self.usage = usage
        }
    }
}
