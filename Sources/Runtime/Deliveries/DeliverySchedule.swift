import Values

/// When a delivery is tried again.
struct DeliverySchedule: Sendable {
    /// Seconds after the first, the second … attempt.
    private let waits: [Int64]

    /// That of Standard Webhooks, three days in all: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
    static let standard = DeliverySchedule(
        waits: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400])
    /// Slack takes five answers within half an hour.
    static let slackResponse = DeliverySchedule(waits: [5, 60, 300, 600])

    /// No `Retry-After` is honoured beyond this.
    private static let longest = Duration.seconds(86_400)

    var maxAttempts: Int { waits.count + 1 }

    /// - Parameters:
    ///   - attempt: the one that failed, from 1
    ///   - random: 0 to 1: adds up to half, so that what failed together does not come back together (fault E92); never
    ///     less than the wait, which receivers of Standard Webhooks may count on
    ///   - retryAfter: what the receiver asked for; never waited less
    func delay(afterAttempt attempt: Int, random: Double, retryAfter: Duration?) -> Duration {
        let seconds = waits[min(max(attempt, 1), waits.count) - 1]
        let share = random.isFinite ? min(max(random, 0), 1) : 1
        let own = Duration.milliseconds(seconds * 1_000 + Int64(Double(seconds) * 500 * share))
        guard let wish = retryAfter.map({ min($0, Self.longest) }), wish > .zero else { return own }
        // What was asked of many at once is spread as well, over the first wait.
        return max(own, wish + .milliseconds(Int64(5_000 * share)))
    }
}
