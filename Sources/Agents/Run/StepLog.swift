import State
import Values

/// Numbers the steps of one attempt and has them recorded, without secrets.
struct StepLog: Sendable {
    private let recorder: any StepRecorder
    private let secrets: RunSecrets
    private let now: @Sendable () -> Instant
    private var count = 0
    /// Of the calls of this attempt.
    var keys: CallKeys

    /// - Parameter run: its id
    init(_ recorder: any StepRecorder, run: String?, secrets: RunSecrets, now: @escaping @Sendable () -> Instant) {
        keys = CallKeys(run: run)
        self.recorder = recorder
        self.secrets = secrets
        self.now = now
    }

    /// The next step. One that must not be repeated is recorded before it is made, so that a crash meanwhile is seen
    /// (fault E96).
    mutating func begin(
        _ kind: Step.Kind, _ name: String, isRepeatable: Bool = true, request: JSON, digest: Digest? = nil
    ) async throws(RunFailure) -> Step {
        count += 1
        let step = Step(
            number: count, kind: kind, name: Self.column(secrets.redact(name)), isRepeatable: isRepeatable,
            startedAt: now(),
            requestDigest: digest, request: secrets.redact(request))
        if !isRepeatable { try await record(step) }
        return step
    }

    /// A name as models and their servers say it, which may be anything: its beginning.
    static func column(_ name: String) -> String {
        guard name.utf8.count > nameLimit else { return name }
        return String(decoding: name.utf8.prefix(nameLimit - 4), as: UTF8.self) + "…"
    }

    /// Bytes of a name.
    private static let nameLimit = 200

    /// - Parameter hasEffect: whether a call that must not be repeated may have done its work. Where its end cannot be
    ///   recorded, nobody would know of it (fault E96); one that did nothing may be made again.
    func end(
        _ step: Step, response: JSON? = nil, error: String? = nil, usage: TokenUsage = TokenUsage(),
        hasEffect: Bool = false
    ) async throws(RunFailure) {
        var step = step
        step.isRepeatable = !hasEffect
        step.finishedAt = now()
        step.response = response.map { secrets.redact($0) }
        step.error = error.map { secrets.redact($0) }
        step.tokensIn = usage.input
        step.tokensOut = usage.output
        try await record(step, hasEffect: hasEffect)
    }

    private func record(_ step: Step, hasEffect: Bool = false) async throws(RunFailure) {
        do {
            try await recorder.record(step)
        } catch {
            if hasEffect {
                throw RunFailure(
                    .unknownEffect,
                    "the tool \(step.name), which has side effects, was called, and the answer could not be recorded; "
                        + "look whether it did its work before running again: \(error)")
            }
            throw RunFailure(.notRecorded, "step \(step.number) could not be recorded: \(error)", isRetryable: true)
        }
    }
}
