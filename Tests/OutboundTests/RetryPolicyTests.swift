import Outbound
import TestSupport
import Testing
import Values

@Suite("Retry policy")
struct RetryPolicyTests {
    private let policy = RetryPolicy(maxAttempts: 5, backoff: .seconds(10), maxDelay: .seconds(60))

    @Test("doubles the longest wait up to its bound and ends with the last attempt")
    func backoff() {
        let delays = (1...5).map { policy.delay(afterAttempt: $0, random: 1) }
        #expect(delays == [.seconds(10), .seconds(20), .seconds(40), .seconds(60), nil])
    }

    @Test("spreads the wait over the whole range", arguments: [(0.0, 0), (0.25, 5_000), (0.5, 10_000), (1.0, 20_000)])
    func jitter(random: Double, milliseconds: Int) {
        #expect(policy.delay(afterAttempt: 2, random: random) == .milliseconds(milliseconds))
    }

    @Test("10,000 that fail together do not come back together (fault E92)")
    func storm() throws {
        var random = SeededRandom(92)
        let policy = RetryPolicy(maxAttempts: 3, backoff: .seconds(60))
        var seconds: [Int64: Int] = [:]
        for _ in 0..<10_000 {
            let delay = try #require(
                policy.delay(afterAttempt: 1, random: Double.random(in: 0..<1, using: &random)))
            seconds[delay.components.seconds, default: 0] += 1
        }
        #expect(seconds.count == 60)
        #expect(try #require(seconds.values.max()) < 2 * 10_000 / 60)
    }

    @Test("waits as long as it is asked to, within its bound")
    func retryAfter() {
        var policy = policy
        policy.maxRetryAfter = .seconds(300)
        #expect(policy.delay(afterAttempt: 1, random: 0, retryAfter: .seconds(120)) == .seconds(120))
        // Not all at the moment that was asked for.
        #expect(policy.delay(afterAttempt: 1, random: 1, retryAfter: .seconds(2)) == .seconds(12))
        #expect(policy.delay(afterAttempt: 1, random: 0.5, retryAfter: .seconds(2)) == .seconds(7))
        #expect(policy.delay(afterAttempt: 1, random: 0, retryAfter: .seconds(86_400)) == .seconds(300))
        #expect(policy.delay(afterAttempt: 1, random: 0, retryAfter: .seconds(-5)) == .zero)
        #expect(policy.delay(afterAttempt: 5, random: 0, retryAfter: .seconds(1)) == nil)
    }

    @Test("10,000 that were told to come back in a minute do not come back in one second (fault E92)")
    func spreadWish() throws {
        var random = SeededRandom(93)
        var seconds: [Int64: Int] = [:]
        for _ in 0..<10_000 {
            let delay = try #require(
                RetryPolicy().delay(
                    afterAttempt: 1, random: Double.random(in: 0..<1, using: &random), retryAfter: .seconds(60)))
            #expect(delay >= .seconds(60))
            seconds[delay.components.seconds, default: 0] += 1
        }
        #expect(seconds.count == 10)
        #expect(try #require(seconds.values.max()) < 2 * 10_000 / 10)
    }

    @Test("survives absurd numbers", arguments: [0, 1, 41, 42, 1_000, Int.max - 1])
    func extremes(attempt: Int) throws {
        let policy = RetryPolicy(maxAttempts: .max, backoff: .seconds(Int64.max), maxDelay: .seconds(Int64.max))
        let delay = policy.delay(afterAttempt: attempt, random: .nan)
        #expect((delay == nil) == (attempt == 0))
        #expect(RetryPolicy(backoff: .seconds(-1)).delay(afterAttempt: 1, random: 7) == .zero)
    }

    @Test(
        "reads Retry-After as seconds or as a date",
        arguments: [
            ("0", 0), ("120", 120), (" 7", nil), ("1.5", 2), ("1.0", 1), ("-1", nil), ("", nil), ("soon", nil),
            ("1e3", nil),
            ("00000000000000000005", 5), ("99999999999999999999999", 9_999_999_999),
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
            ("Sun Nov  6 08:50:37 1994", 60),
            ("Sun, 06 Nov 1994 08:48:37 GMT", 0), ("Sun, 31 Feb 1994 08:50:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:50:37 CET", nil), ("Sun, 06 Nov 1994 08:49:60 GMT", 22),
        ] as [(String, Int64?)])
    func header(value: String, seconds: Int64?) throws {
        let now = try #require(Instant(rfc3339: "1994-11-06T08:49:37Z"))
        #expect(RetryAfter.delay(value, now: now) == seconds.map { .seconds($0) })
    }

    @Test("prefers milliseconds where a provider gives them")
    func milliseconds() {
        let now = Instant(seconds: 0)
        let headers = OutboundHeaders([("Retry-After", "2"), ("Retry-After-Ms", "1250")])
        #expect(RetryAfter.delay(headers, now: now) == .milliseconds(1250))
        #expect(RetryAfter.delay(OutboundHeaders([("retry-after", "2")]), now: now) == .seconds(2))
        #expect(RetryAfter.delay(OutboundHeaders(), now: now) == nil)
    }

    @Test(
        "tells answers worth another try",
        arguments: [
            (200, false), (400, false), (404, false), (408, true), (429, true), (500, true), (501, false), (503, true),
            (529, true),
        ])
    func statuses(status: Int, retryable: Bool) {
        #expect(OutboundResponse(status: status, headers: OutboundHeaders(), body: []).isRetryable == retryable)
    }
}
