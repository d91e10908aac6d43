import Values

/// How long what happened is kept. What is declared, revisions, and what still goes on are kept in any case.
package struct Retention: SpecObject, Hashable {
    package let runs: Kept?
    package let steps: Kept?
    package let deliveries: Kept?
    package let events: Kept?
    package let observations: Kept?

    package static let standard = Retention(runs: nil, steps: nil, deliveries: nil, events: nil, observations: nil)

    package static let schema = Schema<Retention>(
        "How long what happened is kept.",
        Field("runs", optional: \.runs, "Runs that ended, with all that belongs to them; 90d without it."),
        Field("steps", optional: \.steps, "The calls of models and tools in runs that ended; 30d without it."),
        Field("deliveries", optional: \.deliveries, "Messages that were sent or given up; 30d without it."),
        Field("events", optional: \.events, "Events whose runs are gone; 90d without it."),
        Field("observations", optional: \.observations, "What came of looks at the repository; 90d without it."),
        make: Retention.init)

    /// Whatever is older than `age` goes, and of the rest what is more than `count`.
    package struct Kept: SpecObject, Hashable {
        package let age: Duration?
        package let count: Bounded<FromOne>?

        package static let schema = Schema<Kept>(
            "How much is kept of it.",
            Field("age", optional: \.age, "How long."),
            Field("count", optional: \.count, "How many at most, the newest; 1000000 without it."),
            make: Kept.init)

        package init(age: Duration?, count: Bounded<FromOne>?) {
            self.age = age
            self.count = count
        }
    }

    /// What holds for a part, with what it says where the manifest says nothing.
    package struct Limit: Sendable, Hashable {
        package let age: Duration
        package let count: Int

        package init(age: Duration, count: Int = 1_000_000) {
            self.age = age
            self.count = count
        }

        fileprivate init(_ kept: Kept?, days: Int64) {
            self.init(age: kept?.age ?? .seconds(days * 86_400), count: kept?.count?.value ?? 1_000_000)
        }
    }

    package var runLimit: Limit { Limit(runs, days: 90) }
    package var stepLimit: Limit { Limit(steps, days: 30) }
    package var deliveryLimit: Limit { Limit(deliveries, days: 30) }
    package var eventLimit: Limit { Limit(events, days: 90) }
    package var observationLimit: Limit { Limit(observations, days: 90) }
}
