import Outbound
import Spec

/// A provider and how it may be called.
struct ModelCaller: Sendable {
    /// The provider's name.
    let name: String
    let spec: Provider
    let provider: any ModelProvider
    let gates: ConcurrencyGates
    /// The provider's, whatever its name is in this revision.
    let gate: String
    let retry: RetryPolicy
    let clock: any Clock<Duration>
    /// 0 to 1.
    let random: @Sendable () -> Double

    /// Whether a recording answers: that never passes for a model.
    var isReplay: Bool { spec.type == .replay }

    /// One call, with no more at the same time than the provider takes.
    func complete(_ request: ChatRequest) async throws(ProviderError) -> ChatAnswer {
        try await gates.withPlace(
            of: gate, limit: spec.concurrency.value,
            orElse: ProviderError(.cancelled, "the call of provider \(name) was given up")
        ) { () async throws(ProviderError) in
            try await provider.complete(request, within: spec.timeout)
        }
    }

    /// Waits before another try, or throws when there is none. Who asks for a longer wait than is made here gets it
    /// from the queue, in another attempt.
    func wait(after error: ProviderError, attempt: Int) async throws(RunFailure) {
        let failure = RunFailure(
            error.code == .cancelled ? .cancelled : .provider, error.message,
            isRetryable: error.isRetryable || error.code == .cancelled, retryAfter: error.retryAfter)
        let isLong = error.code == .leftAlone || error.retryAfter.map { $0 > retry.maxRetryAfter } ?? false
        guard error.isRetryable, !isLong,
            let delay = retry.delay(afterAttempt: attempt, random: random(), retryAfter: error.retryAfter)
        else { throw failure }
        do {
            try await clock.sleep(for: delay)
        } catch {
            throw RunFailure(.cancelled, failure.message, isRetryable: true)
        }
    }
}
