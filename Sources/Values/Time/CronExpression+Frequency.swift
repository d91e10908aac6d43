extension CronExpression {
    /// How often this fires on a day on which it does, where no clock is changed.
    package var firingsPerDay: Int { minutes.nonzeroBitCount * hours.nonzeroBitCount }

    /// The shortest time between two firings, where no clock is changed; of one firing a day, a day.
    package var shortestPeriod: Duration {
        let inHour = (0..<60).filter { minutes >> UInt64($0) & 1 == 1 }
        let times = (0..<24).filter { hours >> UInt64($0) & 1 == 1 }.flatMap { hour in inHour.map { hour * 60 + $0 } }
        guard let first = times.first else { return .seconds(86_400) }
        let gaps = zip(times, times.dropFirst() + [first + 1_440]).map { $1 - $0 }
        return .seconds(60 * (gaps.min() ?? 1_440))
    }
}
