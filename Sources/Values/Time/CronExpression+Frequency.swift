extension CronExpression {
    /// How often this fires on a day on which it does, where no clock is changed.
    package var firingsPerDay: Int { minutes.nonzeroBitCount * hours.nonzeroBitCount }
}
