import Values

/// How often one trigger may react: in no minute more often than a number.
struct ReactionRate {
    static let perMinute = 60
    private static let minute = Duration.seconds(60)
    /// When each trigger reacted in the last minute, the oldest first.
    private var reactions: [String: [Instant]] = [:]

    mutating func allows(_ trigger: String, at now: Instant) -> Bool {
        // What a clock was ahead of counts from when it was put right.
        var recent = (reactions[trigger] ?? []).map { min($0, now) }
        recent.removeAll { now.duration(since: $0) >= Self.minute }
        let isAllowed = recent.count < Self.perMinute
        if isAllowed { recent.append(now) }
        reactions[trigger] = recent
        return isAllowed
    }
}
