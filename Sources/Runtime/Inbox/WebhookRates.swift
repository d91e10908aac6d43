import Spec
import Synchronization
import Values

/// How much each webhook has taken of late: a bucket of tokens, which time fills.
final class WebhookRates: Sendable {
    private struct Bucket {
        var left: Double
        var at: Instant
    }

    /// Of this process: a start is a full bucket. No more of them than endpoints were ever in force.
    private let buckets = Mutex<[String: Bucket]>([:])

    /// Takes `count` events of an endpoint; one is taken for a message without events, too.
    ///
    /// - Returns: `nil` where it may; otherwise the seconds after which it may, at least 1
    func take(_ count: Int, at endpoint: String, _ limit: WebhookRateLimit, _ now: Instant) -> Int? {
        let capacity = Double(limit.requests.value)
        let perMillisecond = capacity / Double(max(limit.per.milliseconds, 1))
        // What is larger than the bucket goes when that is full, or it would never go.
        let wanted = min(Double(max(count, 1)), capacity)
        return buckets.withLock { buckets in
            var bucket = buckets[endpoint] ?? Bucket(left: capacity, at: now)
            // A clock that was set back gives nothing.
            let passed = Double(max(0, now.duration(since: bucket.at).milliseconds))
            bucket.left = min(capacity, bucket.left + passed * perMillisecond)
            bucket.at = now
            defer { buckets[endpoint] = bucket }
            // Parts of an event that rounding left out.
            let missing = wanted - bucket.left - wanted * 1e-9
            guard missing > 0 else {
                bucket.left = max(0, bucket.left - wanted)
                return nil
            }
            let seconds = (missing / perMillisecond / 1_000).rounded(.up)
            return Int(min(max(seconds, 1), 86_400))
        }
    }
}
