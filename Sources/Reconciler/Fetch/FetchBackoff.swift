/// How long to wait for the next look at a branch: longer and longer while the remote cannot be read, so that an outage
/// is not made worse, and never over five minutes, or the interval where that is more.
struct FetchBackoff {
    private let interval: Duration
    private let random: () -> Double
    private(set) var failures = 0

    static let longest = Duration.seconds(300)

    /// - Parameter random: from 0 up to 1
    init(interval: Duration, random: @escaping () -> Double) {
        self.interval = interval
        self.random = random
    }

    /// - Parameter failed: whether the last look could not read the remote
    mutating func next(failed: Bool) -> Duration {
        failures = failed ? min(failures + 1, 16) : 0
        guard failures > 1 else { return interval }
        let doubled = interval * (1 << (failures - 1))
        let longest = max(interval, Self.longest)
        // Many that follow one remote do not all come back at once.
        return min(doubled, longest) * (0.8 + 0.2 * random())
    }
}
