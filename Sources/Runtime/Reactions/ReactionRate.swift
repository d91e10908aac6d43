import Values

/// How often one trigger may react: a burst is let through, and then one for each that time gives back.
struct ReactionRate {
    private struct Bucket {
        var left: Double
        var at: Instant
    }

    static let perMinute = 60.0
    private var buckets: [String: Bucket] = [:]

    mutating func allows(_ trigger: String, at now: Instant) -> Bool {
        var bucket = buckets[trigger] ?? Bucket(left: Self.perMinute, at: now)
        let passed = Double(max(0, now.duration(since: bucket.at).milliseconds)) / 60_000
        bucket.left = min(Self.perMinute, bucket.left + passed * Self.perMinute)
        bucket.at = now
        defer { buckets[trigger] = bucket }
        guard bucket.left >= 1 else { return false }
        bucket.left -= 1
        return true
    }
}
