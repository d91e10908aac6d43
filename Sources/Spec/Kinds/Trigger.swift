import Values

extension KindName {
    package static let trigger = KindName(rawValue: "Trigger")
}

/// The rule that turns events into runs.
package struct Trigger: Kind, Hashable {
    package let description: String?
    package let suspend: Bool
    package let agent: Reference<Agent>?
    package let tool: Reference<Tool>?
    package let schedule: Schedule?
    package let webhook: Webhook?
    package let on: Reaction?
    package let match: [Condition]
    package let input: TemplateText?
    package let deliver: [Reference<Channel>]
    package let retry: Retry
    package let priority: Bounded<PriorityBounds>

    package static let kindName = KindName.trigger
    package static let plural = "triggers"
    package static let fixed = ["schedule", "webhook", "on"]
    package static let schema = Schema<Trigger>(
        "A trigger: the rule that turns events into runs.",
        Field("description", optional: \.description, "What it is for."),
        Field(
            "suspend", \.suspend, "Whether it rests; its events are kept, and start nothing.", default: false,
            .suspends),
        Field("agent", optional: \.agent, "The agent that runs."),
        Field("tool", optional: \.tool, "The tool that runs."),
        Field("schedule", optional: \.schedule, "Fires at set times."),
        Field("webhook", optional: \.webhook, "Fires on what another service sends."),
        Field("on", optional: \.on, "Fires on what happens in writ itself."),
        Field("match", \.match, "Conditions on the event; all must hold.", default: []),
        Field("input", optional: \.input, "What the run is told: a template; without it, the payload as JSON."),
        Field("deliver", \.deliver, "Where the results go.", default: []),
        Field("retry", \.retry, "What happens when a run fails.", default: .standard),
        Field("priority", \.priority, "Runs of a higher number go first.", default: 0),
        constraints: [.exactlyOne(["agent", "tool"]), .exactlyOne(["schedule", "webhook", "on"])],
        rules: [
            Rule(
                on: ["match"], unless: { node, reading in reading.child("schedule", of: node) == nil },
                Trigger.matchNeedsSender),
            Rule(
                on: ["input"], unless: { EventRoots.areAskedAlone(by: $1.child("input", of: $0), $1) },
                Trigger.inputAsksForWhatIsThere),
        ],
        make: Trigger.init)

    private static func inputAsksForWhatIsThere(
        _ trigger: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        EventRoots.warnings(in: trigger["input"], at: node["input"]?.mark ?? node.mark, reading)
    }

    /// A schedule's event is always the same: a condition on it would be there for show.
    private static func matchNeedsSender(
        _ trigger: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        guard trigger["schedule"] != nil, case .mapping(let entries) = node.content else { return [] }
        return entries.filter { $0.key == "match" }.map { entry in
            Diagnostic(
                .error, .exclusiveFields, "`match` is only for `webhook` and `on`",
                at: Place(path: reading.path, mark: entry.keyMark),
                fix: "remove it: a schedule fires at its times, whatever they carry")
        }
    }

    package struct Reaction: SpecObject, Hashable {
        package let event: String
        package let agent: Reference<Agent>?

        package static let schema = Schema<Reaction>(
            "Something that happens in writ itself.",
            Field("event", \.event, "Its name, such as run.failed; `run` means all of its kinds, `*` any."),
            Field("agent", optional: \.agent, "Only for runs of this agent, or changes of it."),
            rules: [Rule(Reaction.eventIsKnown), Rule(on: ["agent"], Reaction.agentNeedsRunsOrChanges)],
            make: Reaction.init)

        /// A commit is nobody's.
        private static func agentNeedsRunsOrChanges(
            _ reaction: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard let agent = node["agent"], let event = reaction["event"]?.string else { return [] }
            let matched = events.filter(EventPattern(event).matches)
            guard !matched.isEmpty, matched.allSatisfy({ $0.hasPrefix("apply.") }) else { return [] }
            return [
                Diagnostic(
                    .error, .exclusiveFields, "`agent` is only for `run.…` and `resource.changed`",
                    at: Place(path: reading.path, mark: agent.mark),
                    fix: "remove it: \(quoted(event)) is about a commit and no agent, so nothing would ever start")
            ]
        }

        /// What writ tells of itself.
        package static let events = [
            "run.succeeded", "run.failed", "run.cancelled", "run.discarded", "run.unknown", "apply.applied",
            "apply.rejected", "apply.unreadable", "resource.changed",
        ]

        private static func eventIsKnown(
            _ reaction: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard let event = reaction["event"]?.string else { return [] }
            let pattern = EventPattern(event)
            guard !events.contains(where: pattern.matches) else { return [] }
            let near = nearestName(to: event, among: events)
            return [
                Diagnostic(
                    .error, .badValue, "\(quoted(event)) is nothing that writ tells of",
                    at: Place(path: reading.path, mark: node["event"]?.mark ?? node.mark),
                    fix: near.map { "did you mean `\($0)`?" } ?? "known: \(events.joined(separator: ", "))")
            ]
        }
    }

    package struct Retry: SpecObject, Hashable {
        package let maxAttempts: Bounded<AttemptBounds>
        package let backoff: Duration

        package static let standard = Retry(maxAttempts: 3, backoff: .seconds(10))
        package static let schema = Schema<Retry>(
            "What happens when a run fails.",
            Field("maxAttempts", \.maxAttempts, "Attempts in all.", default: standard.maxAttempts, .limit),
            Field(
                "backoff", \.backoff, "Wait before the second attempt; doubled for each after it.",
                default: standard.backoff),
            make: Retry.init)
    }

    package enum AttemptBounds: IntegerBounds { package static let range = 1...50 }
}
