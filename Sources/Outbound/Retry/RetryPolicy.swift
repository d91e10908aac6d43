import Values

/// When to try again: exponential backoff with full jitter, and the receiver's own wish within a bound.
///
/// Pure: attempt and randomness come in, a delay comes out.
package struct RetryPolicy: Sendable, Hashable {
    /// Attempts in all, the first one counted.
    package var maxAttempts: Int
    /// The longest wait after the first attempt; it doubles with each further one.
    package var backoff: Duration
    /// No wait of our own is longer.
    package var maxDelay: Duration
    /// No `Retry-After` is honoured beyond this.
    package var maxRetryAfter: Duration

    package init(
        maxAttempts: Int = 3,
        backoff: Duration = .seconds(10),
        maxDelay: Duration = .seconds(3_600),
        maxRetryAfter: Duration = .seconds(3_600)
    ) {
        self.maxAttempts = maxAttempts
        self.backoff = backoff
        self.maxDelay = maxDelay
        self.maxRetryAfter = maxRetryAfter
    }

    /// The wait before the next attempt, or `nil` when there is none left.
    ///
    /// - Parameters:
    ///   - attempt: the attempt that failed, from 1.
    ///   - random: 0 to 1, which spreads clients that failed together over the whole wait.
    ///   - retryAfter: what the receiver asked for; never waited less. What was asked of many at once is spread, too.
    package func delay(afterAttempt attempt: Int, random: Double, retryAfter: Duration? = nil) -> Duration? {
        guard attempt >= 1, attempt < maxAttempts else { return nil }
        let share = random.isFinite ? min(max(random, 0), 1) : 1
        let own = Duration.milliseconds(Int64(Double(ceiling(afterAttempt: attempt)) * share))
        let wish = min(max(retryAfter ?? .zero, .zero), max(maxRetryAfter, .zero))
        guard wish > .zero else { return own }
        let spread = Duration.milliseconds(Int64(Double(ceiling(afterAttempt: 1)) * share))
        return max(own, wish + spread)
    }

    /// The longest own wait in milliseconds; at most 2^40 (35 years), so that it stays exact in a `Double`.
    private func ceiling(afterAttempt attempt: Int) -> Int64 {
        let cap = min(max(maxDelay.milliseconds, 0), 1 << 40)
        let base = min(max(backoff.milliseconds, 0), cap)
        let doublings = attempt - 1
        guard doublings < 41 else { return base == 0 ? 0 : cap }
        let product = base.multipliedReportingOverflow(by: 1 << Int64(doublings))
        return product.overflow ? cap : min(product.partialValue, cap)
    }
}
