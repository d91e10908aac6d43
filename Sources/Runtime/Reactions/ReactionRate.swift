import Values

/// How often one trigger may react: in no minute more often than a number.
struct ReactionRate {
    static let perMinute = 60
    static let minute = Duration.seconds(60)
    /// When each trigger reacted in the last minute.
    private var reactions: [String: [Instant]] = [:]

    /// - Parameter recorded: when the trigger reacted before this process began: asked for once
    mutating func allows<Failure: Error>(
        _ trigger: String, at now: Instant, recorded: () throws(Failure) -> [Instant]
    ) throws(Failure) -> Bool {
        let known = if let known = reactions[trigger] { known } else { try recorded() }
        // What a clock was ahead of counts from when it was put right.
        var recent = known.map { min($0, now) }
        recent.removeAll { now.duration(since: $0) >= Self.minute }
        let isAllowed = recent.count < Self.perMinute
        if isAllowed { recent.append(now) }
        reactions[trigger] = recent
        return isAllowed
    }
}
