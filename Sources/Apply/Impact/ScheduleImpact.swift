import Spec
import State
import Values

/// What becomes of the firing of one schedule.
package struct ScheduleImpact: Sendable, Hashable {
    package struct Firing: Sendable, Hashable {
        package let instant: Instant
        /// RFC 3339 with the zone's offset.
        package let local: String
        /// Seconds by which the zone's clock was set since the firing before, or since the clock of the plan; 0 mostly.
        package let clockChange: Int
    }

    package struct Timing: Sendable, Hashable {
        package let cron: String
        package let timeZone: String
        package let next: [Firing]
    }

    /// The declared name; of what is deleted, the recorded one.
    package let trigger: String
    /// Nil where it did not fire.
    package let before: Timing?
    /// Nil where it will not fire.
    package let after: Timing?
    /// Instants of the next seven days that are new; nil where there were too many schedules to count.
    package let gained: Int?
    /// Instants of the next seven days that are gone; nil where there were too many schedules to count.
    package let lost: Int?
    /// Runs of instants that were missed, which start as soon as the change is applied.
    package let catchUpRuns: Int
    /// Runs that go on with the revision they began with.
    package let runsInFlight: Int
    /// What it ran, where the manifest of that suspended it: no instant started a run.
    package let wasSuspended: ResourceID?
    /// What it runs, where the manifest of that suspends it: no instant starts a run.
    package let isSuspended: ResourceID?
    /// Of the trigger, or of what it runs: while it holds, no instant starts a run.
    package let suspension: HandSuspension?

    var json: JSON {
        var object: JSONMembers = ["trigger": .string(trigger)]
        object["before"] = before?.json
        object["after"] = after?.json
        object["gained"] = gained.map { .number(JSONNumber($0)) }
        object["lost"] = lost.map { .number(JSONNumber($0)) }
        if catchUpRuns > 0 { object["catchUpRuns"] = .number(JSONNumber(catchUpRuns)) }
        if runsInFlight > 0 { object["runsInFlight"] = .number(JSONNumber(runsInFlight)) }
        object["wasSuspended"] = wasSuspended.map(Self.json)
        object["suspended"] = isSuspended.map(Self.json)
        object["suspendedByHand"] = suspension.map { Self.json($0.id) }
        return .object(object)
    }

    private static func json(_ id: ResourceID) -> JSON {
        ["kind": .string(id.kind.rawValue), "name": .string(id.name)]
    }

    var lines: [String] {
        var lines = ["Trigger/\(trigger)\(counts)"]
        if before != after {
            if let before { lines.append("  - \(before.heading)") }
            if let before { lines += before.next.map { "      \($0.text)" } }
        }
        if let after {
            lines.append("  \(before == after ? " " : "+") \(after.heading)")
            lines += after.next.map { "      \($0.text)" }
        }
        if let isSuspended {
            lines.append("    none of them runs while \(isSuspended) is suspended")
        } else if let wasSuspended {
            lines.append("    none of them ran while \(wasSuspended) was suspended")
        }
        if let suspension {
            lines.append(
                "    none of them runs while \(suspension.id) is suspended by hand\(suspension.circumstances)")
        }
        if catchUpRuns > 0 {
            let runs = catchUpRuns == 1 ? "1 missed run starts" : "\(catchUpRuns) missed runs start"
            lines.append("    \(runs) when this is applied")
        }
        if runsInFlight > 0 {
            let runs = runsInFlight == 1 ? "1 run in flight keeps" : "\(runsInFlight) runs in flight keep"
            lines.append("    \(runs) the old revision")
        }
        return lines
    }

    private var counts: String {
        guard let gained, let lost else { return "" }
        let goesOn = before != nil && after != nil && wasSuspended == nil && isSuspended == nil
        if gained == 0, lost == 0, goesOn { return ": fires as before in the next 7 days" }
        return ": \(gained) gained and \(lost) lost in the next 7 days"
    }
}

extension ScheduleImpact.Timing {
    fileprivate var json: JSON {
        [
            "cron": .string(cron), "timeZone": .string(timeZone),
            "next": .array(
                next.map { firing in
                    var object: JSONMembers = [
                        "at": .string(firing.instant.rfc3339), "local": .string(firing.local),
                    ]
                    if firing.clockChange != 0 { object["clockChange"] = .number(JSONNumber(firing.clockChange)) }
                    return .object(object)
                }),
        ]
    }

    fileprivate var heading: String { "\(cron) (\(timeZone))" }
}

extension ScheduleImpact.Firing {
    fileprivate var text: String {
        let utc = instant.rfc3339
        let both = local == utc || local.hasSuffix("+00:00") ? utc : "\(local)  \(utc)"
        guard clockChange != 0 else { return both }
        let minutes = abs(clockChange) / 60
        let size = minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes) min"
        return "\(both)  (clocks set \(clockChange > 0 ? "forward" : "back") by \(size) before)"
    }
}
