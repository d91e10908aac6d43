import Values

extension Trigger {
    /// Fires at set times.
    package struct Schedule: SpecObject, Hashable {
        package let cron: CronExpression
        package let timeZone: TimeZoneName
        package let concurrencyPolicy: ConcurrencyPolicy
        package let catchUp: CatchUp
        package let catchUpWindow: Duration
        package let jitter: Duration?

        /// What happens when an instant comes while the run of an earlier one still goes on.
        package enum ConcurrencyPolicy: String, SpecChoice {
            case allow = "Allow"
            case forbid = "Forbid"
            case replace = "Replace"
        }

        /// Which of the instants that passed while writ was down still run.
        package enum CatchUp: String, SpecChoice {
            case none
            case latest
            case all
        }

        package static let schema = Schema<Schedule>(
            "Fires at set times.",
            Field("cron", \.cron, "When: five fields, by the rules of Debian's cron."),
            Field("timeZone", \.timeZone, "The zone that the cron expression means.", default: "UTC"),
            Field(
                "concurrencyPolicy", \.concurrencyPolicy, "What happens while an earlier run still goes on.",
                default: .forbid),
            Field("catchUp", \.catchUp, "Which instants missed while writ was down still run.", default: .latest),
            Field("catchUpWindow", \.catchUpWindow, "How far back missed instants count.", default: .seconds(3_600)),
            Field("jitter", optional: \.jitter, "Spreads the starts over this time, at most 1h."),
            rules: [Rule(on: ["jitter"], Schedule.jitterIsBounded)],
            make: Schedule.init)

        private static func jitterIsBounded(
            _ schedule: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard let jitter = schedule["jitter"]?.string.flatMap({ Duration(manifest: $0) }), jitter > .seconds(3_600),
                case .mapping(let entries) = node.content
            else { return [] }
            return entries.filter { $0.key == "jitter" }.map { entry in
                Diagnostic(
                    .error, .badValue, "a jitter of \(jitter.manifestText) is over 1h",
                    at: Place(path: reading.path, mark: entry.value.mark), fix: "give at most 1h")
            }
        }

        /// Of what decides the instants: while it stays the same, a schedule goes on where it was.
        package var timingDigest: Digest {
            Digest(of: ["cron": cron.json, "timeZone": timeZone.json])
        }
    }
}
