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
        var repeated = RepeatedKeys()
        var at: Instant

        mutating func fill(_ capacity: Double, _ perMillisecond: Double, _ now: Instant) {
            // A clock that was set back gives nothing.
            let passed = Double(max(0, now.duration(since: at).milliseconds)) * perMillisecond
            left = min(capacity, left + passed)
            repetitions = min(capacity * WebhookRates.patience, repetitions + passed * WebhookRates.patience)
            at = now
        }

        /// With what comes again it is that which is turned away, and nothing else; only where far more comes again than
        /// is remembered, everything is.
        func isTooMuch(_ keys: [String?], _ capacity: Double) -> Bool {
            guard repetitions < 1 else { return false }
            return keys.allSatisfy { $0.map(repeated.contains) ?? false } || repetitions <= WebhookRates.floor(capacity)
        }
    }

    enum Refusal: Sendable, Hashable {
        /// More events than it takes; seconds after which it does, at least 1.
        case limited(Int)
        /// The same of what came before.
        case repeated(Int)
    }

    /// Of repetitions that are left: as many again are taken beyond what may be, of ids that are not remembered.
    private static func floor(_ capacity: Double) -> Double { -capacity * patience }

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

    /// Takes the events of a request.
    ///
    /// - Parameters:
    ///   - keys: their senders' ids
    ///   - endpoint: by its name in `revision`
    ///   - names: of that revision
    /// - Returns: `nil` where it may
    func take(
        _ keys: [String?], at endpoint: String, _ limit: WebhookRateLimit, in revision: Int, _ names: CurrentNames,
        _ now: Instant
    ) -> Refusal? {
        let capacity = Double(limit.requests.value)
        let wanted = Self.wanted(keys.count, capacity)
        let perMillisecond = capacity / Double(max(limit.per.milliseconds, 1))
        return buckets.withLock { buckets in
            buckets.follow(revision, names)
            var bucket =
                buckets.all[endpoint] ?? Bucket(left: capacity, repetitions: capacity * Self.patience, at: now)
            bucket.fill(capacity, perMillisecond, now)
            defer { buckets.all[endpoint] = bucket }
            guard !bucket.isTooMuch(keys, capacity) else {
                return .repeated(Self.seconds(1 - bucket.repetitions, perMillisecond * Self.patience))
            }
            // Parts of an event that rounding left out.
            let missing = wanted - bucket.left - wanted * 1e-9
            guard missing > 0 else {
                bucket.left = max(0, bucket.left - wanted)
                return nil
            }
            return .limited(Self.seconds(missing, perMillisecond))
        }
    }

    private static func seconds(_ missing: Double, _ perMillisecond: Double) -> Int {
        Int(min(max((missing / perMillisecond / 1_000).rounded(.up), 1), 86_400))
    }

    /// Gives back what was taken for `left` of `count` events that were not stored.
    ///
    /// - Parameter repeated: the ids of those that had come before
    func giveBack(_ left: Int, of count: Int, repeated: [String], at endpoint: String, _ limit: WebhookRateLimit) {
        guard left > 0 else { return }
        let capacity = Double(limit.requests.value)
        let amount = Self.wanted(count, capacity) - (left < count ? Self.wanted(count - left, capacity) : 0)
        buckets.withLock { buckets in
            guard var bucket = buckets.all.removeValue(forKey: endpoint) else { return }
            bucket.left = min(capacity, bucket.left + amount)
            bucket.repetitions = max(Self.floor(capacity), bucket.repetitions - Double(repeated.count))
            for key in repeated { bucket.repeated.insert(key) }
            buckets.all[endpoint] = bucket
        }
    }

    /// What is larger than the bucket goes when that is full, or it would never go.
    private static func wanted(_ count: Int, _ capacity: Double) -> Double { min(Double(max(count, 1)), capacity) }
}
