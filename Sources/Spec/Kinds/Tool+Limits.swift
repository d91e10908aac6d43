extension Tool {
    /// Of the runs that triggers start. What agents call is bounded by the agents' own limits.
    package struct Limits: SpecObject, Hashable {
        package let concurrency: Bounded<SmallCount>
        package let queue: Bounded<FromOne>

        /// As an agent's: a slow tool leaves most of a process' places to others.
        package static let standard = Limits(concurrency: 4, queue: 10_000)

        package static let schema = Schema<Limits>(
            "How many runs of a tool go on and wait; what agents call is not counted.",
            Field("concurrency", \.concurrency, "Runs at the same time.", default: standard.concurrency, .limit),
            Field(
                "queue", \.queue, "Runs that may wait; a webhook that would start one more is to come again later.",
                default: standard.queue),
            make: Limits.init)
    }
}
