import Spec
import State
import Synchronization
import Values

/// How much each webhook has taken of late: a bucket of tokens, which time fills, and one for what had come before.
final class WebhookRates: Sendable {
    private struct Bucket {
        var left: Double
        /// Of repetitions. Each is known only when it was looked for, so that the next request pays for it.
        var repetitions: Double
        var at: Instant

        mutating func fill(_ capacity: Double, _ perMillisecond: Double, _ now: Instant) {
            // A clock that was set back gives nothing.
            let passed = Double(max(0, now.duration(since: at).milliseconds)) * perMillisecond
            left = min(capacity, left + passed)
            repetitions = min(capacity * WebhookRates.patience, repetitions + passed * WebhookRates.patience)
            at = now
        }
    }

    /// How many times as many repetitions are taken as events: more than honest senders send, and far fewer than would
    /// keep the machine from anything else.
    private static let patience = 10.0

    private struct Buckets {
        /// By the names of this revision.
        var revision = 0
        /// Of this process: a start is a full bucket. No more of them than endpoints were ever in force.
        var all: [String: Bucket] = [:]

        /// What was renamed goes on under its new name.
        mutating func follow(_ revision: Int, _ names: CurrentNames) {
            guard revision > self.revision else { return }
            let former = self.revision
            self.revision = revision
            guard former > 0 else { return }
            let moved = all.map { name, bucket in
                (name, Endpoint.name(name, at: former, by: revision, names), bucket)
            }
            // A name that is taken has the bucket of who took it.
            for (name, now, _) in moved where name != now { all[name] = nil }
            for (name, now, bucket) in moved where name != now { all[now] = bucket }
        }
    }

    private let buckets = Mutex(Buckets())

    /// Takes `count` events of an endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: by its name in `revision`
    ///   - names: of that revision
    /// - Returns: `nil` where it may; otherwise, also after too many repetitions, the seconds after which it may, at least 1
    func take(
        _ count: Int, at endpoint: String, _ limit: WebhookRateLimit, in revision: Int, _ names: CurrentNames,
        _ now: Instant
    ) -> Int? {
        let capacity = Double(limit.requests.value)
        let wanted = Self.wanted(count, capacity)
        let perMillisecond = capacity / Double(max(limit.per.milliseconds, 1))
        return buckets.withLock { buckets in
            buckets.follow(revision, names)
            var bucket =
                buckets.all[endpoint] ?? Bucket(left: capacity, repetitions: capacity * Self.patience, at: now)
            bucket.fill(capacity, perMillisecond, now)
            defer { buckets.all[endpoint] = bucket }
            guard bucket.repetitions >= 1 else {
                return Self.seconds(1 - bucket.repetitions, perMillisecond * Self.patience)
            }
            // Parts of an event that rounding left out.
            let missing = wanted - bucket.left - wanted * 1e-9
            guard missing > 0 else {
                bucket.left = max(0, bucket.left - wanted)
                return nil
            }
            return Self.seconds(missing, perMillisecond)
        }
    }

    private static func seconds(_ missing: Double, _ perMillisecond: Double) -> Int {
        Int(min(max((missing / perMillisecond / 1_000).rounded(.up), 1), 86_400))
    }

    /// Gives back what was taken for `left` of `count` events that were not stored.
    ///
    /// - Parameter repetitions: how many of those had come before
    func giveBack(_ left: Int, of count: Int, repetitions: Int, at endpoint: String, _ limit: WebhookRateLimit) {
        guard left > 0 else { return }
        let capacity = Double(limit.requests.value)
        let amount = Self.wanted(count, capacity) - (left < count ? Self.wanted(count - left, capacity) : 0)
        buckets.withLock { buckets in
            guard let bucket = buckets.all[endpoint] else { return }
            buckets.all[endpoint]?.left = min(capacity, bucket.left + amount)
            buckets.all[endpoint]?.repetitions = max(0, bucket.repetitions - Double(repetitions))
        }
    }

    /// What is larger than the bucket goes when that is full, or it would never go.
    private static func wanted(_ count: Int, _ capacity: Double) -> Double { min(Double(max(count, 1)), capacity) }
}
