import Apply
import Spec
import State
import Values

/// How far schedules have come. Beside a cursor stands when its schedule fires next, as was worked out from it: where the
/// two do not go together, somebody changed one of them.
enum ScheduleChecks {
    private static let shown = 3

    static func findings(_ recorded: RecordedSchedules, zones: ZoneDatabase) -> [Finding] {
        let misplaced = MisplacedSchedule.all(in: recorded)
        let moved = Moved(recorded, besides: Set(misplaced.map(\.id.name)), zones)
        var findings: [Finding] = []
        if !misplaced.isEmpty {
            findings.append(
                .problem(
                    "schedules", "places of schedules are not what they were: \(list(misplaced.map(\.text)))",
                    fix: "`writ apply --full` puts that right, and so does a start of `writ serve` unless `writ.yaml`"
                        + " says `drift: report`; where nothing tells how far a schedule had come, it counts from then on"
                ))
        }
        if !moved.found.isEmpty {
            findings.append(
                .problem(
                    "schedules",
                    "what is recorded of schedules was changed behind writ's back: \(list(moved.found))",
                    fix: "find out who writes to the state, and restore a backup or let `writ serve` go on from there:"
                        + " what has a run or a row runs no second time, and what was leapt over is not run"))
        }
        if findings.isEmpty, moved.compared + moved.others > 0 { findings.append(.ok("schedules", moved.text)) }
        return findings
    }

    private static func list(_ texts: [String]) -> String {
        texts.prefix(shown).joined(separator: "; ")
            + (texts.count > shown ? ", and \(texts.count - shown) more" : "")
    }
}

/// Schedules that have not come as far as was recorded.
private struct Moved {
    private(set) var found: [String] = []
    private(set) var compared = 0
    /// Whose next instant was not worked out yet, or by other rules than these.
    private(set) var others = 0

    init(_ recorded: RecordedSchedules, besides misplaced: Set<String>, _ zones: ZoneDatabase) {
        let places = Dictionary(recorded.places.map { ($0.trigger, $0) }) { first, _ in first }
        for trigger in recorded.triggers where !misplaced.contains(trigger.id.name) {
            guard let schedule = Resource(trigger).schedule, let place = places[trigger.id.name] else { continue }
            // Another version, or other time zones, worked out something else.
            guard let upcoming = place.upcoming, place.specDigest == schedule.timingDigest,
                let zone = try? zones.zone(named: schedule.timeZone.identifier),
                case let expected = UpcomingInstant(of: schedule.cron, in: zone, after: place.instant),
                upcoming.basis == expected.basis
            else {
                others += 1
                continue
            }
            compared += 1
            guard upcoming != expected else { continue }
            found.append(
                "trigger \(place.trigger) has come to \(place.instant.rfc3339)"
                    + (upcoming.at.map { ", and fires next at \($0.rfc3339) as was recorded before" } ?? ""))
        }
    }

    var text: String {
        let which = others == 1 ? "1 schedule" : "\(others) schedules"
        let rest = "nothing is recorded to compare the place of \(which) with"
        guard compared > 0 else { return rest }
        let who = compared == 1 ? "1 schedule has" : "\(compared) schedules have"
        return "\(who) come as far as was recorded" + (others > 0 ? "; \(rest)" : "")
    }
}
