import State

/// How an attempt ended. No secret that the run used is in it.
package enum RunResult: Sendable, Hashable {
    case succeeded(output: String, usage: RunUsage)
    /// - reason: one of `RunReason`, for programs.
    /// - isRetryable: whether another attempt may succeed and does no harm. It is false after the call of a tool that
    ///   writes and is not idempotent, whatever the failure was, cancellation included.
    /// - retryAfter: what a provider asked to wait.
    case failed(error: String, reason: RunReason, isRetryable: Bool, retryAfter: Duration?, usage: RunUsage)

    package var usage: RunUsage {
        switch self {
        case .succeeded(_, let usage), .failed(_, _, _, _, let usage): usage
        }
    }
}

/// Why an attempt failed, in a word.
package enum RunReason: String, Sendable, Hashable, CaseIterable {
    /// The agent or tool is not in the revision.
    case notFound = "not-found"
    case suspended
    /// It needs what this version reads but does not act on.
    case notActive = "not-active"
    case approvalRequired = "approval-required"
    /// A template could not be rendered.
    case prompt
    case secret
    /// The model's provider gave no answer.
    case provider
    case emptyAnswer = "empty-answer"
    case maxSteps = "max-steps"
    case timeout
    case tokenBudget = "token-budget"
    case loop
    case tooManyCalls = "too-many-calls"
    case contextSize = "context-size"
    case invalidArguments = "invalid-arguments"
    /// A tool run's request failed.
    case tool
    /// A step could not be recorded, or the run was taken away.
    case notRecorded = "not-recorded"
    case cancelled
    /// Cancelled while a tool with side effects was being called, or its answer could not be recorded: what it did is
    /// not known, and a person has to look.
    case unknownEffect = "unknown-effect"
}
