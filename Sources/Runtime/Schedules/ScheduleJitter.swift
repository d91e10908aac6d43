import Values

/// Spreads the runs of schedules that share an instant (fault E103). The same trigger and instant always give the same
/// delay, so that a restart moves nothing.
enum ScheduleJitter {
    static func delay(of trigger: String, at instant: Instant, upTo jitter: Duration?) -> Duration {
        guard let jitter, jitter.milliseconds > 0 else { return .zero }
        let digest = Digest(of: "\(trigger)@\(instant.milliseconds)".utf8).text
        let number = UInt64(digest.dropFirst(7).prefix(15), radix: 16) ?? 0
        return .milliseconds(Int64(number % jitter.milliseconds.magnitude))
    }
}
