import State
import Values

/// Numbers the steps of one attempt and has them recorded, without secrets.
struct StepLog: Sendable {
    private let recorder: any StepRecorder
    private let secrets: RunSecrets
    private let now: @Sendable () -> Instant
    private var count = 0

    init(_ recorder: any StepRecorder, secrets: RunSecrets, now: @escaping @Sendable () -> Instant) {
        self.recorder = recorder
        self.secrets = secrets
        self.now = now
    }

    /// The next step. One that must not be repeated is recorded before it is made, so that a crash meanwhile is seen
    /// (fault E96).
    mutating func begin(
        _ kind: Step.Kind, _ name: String, isRepeatable: Bool = true, request: JSON, digest: Digest? = nil
    ) throws(RunFailure) -> Step {
        count += 1
        let step = Step(
            number: count, kind: kind, name: secrets.redact(name), isRepeatable: isRepeatable, startedAt: now(),
            requestDigest: digest, request: secrets.redact(request))
        if !isRepeatable { try record(step) }
        return step
    }

    func end(_ step: Step, response: JSON? = nil, error: String? = nil, usage: TokenUsage = TokenUsage())
        throws(RunFailure)
    {
        var step = step
        step.finishedAt = now()
        step.response = response.map { secrets.redact($0) }
        step.error = error.map { secrets.redact($0) }
        step.tokensIn = usage.input
        step.tokensOut = usage.output
        try record(step)
    }

    private func record(_ step: Step) throws(RunFailure) {
        do {
            try recorder.record(step)
        } catch {
            throw RunFailure(.notRecorded, "step \(step.number) could not be recorded: \(error)", isRetryable: true)
        }
    }
}
