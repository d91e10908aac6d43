import Apply
import Spec
import State
import Values

/// How far schedules have come. Beside a cursor stands when its schedule fires next, as was worked out from it: where the
/// two do not go together, somebody changed one of them.
enum ScheduleChecks {
    private static let shown = 3

    static func findings(_ applied: AppliedState, _ places: [SchedulePlace], zones: ZoneDatabase) -> [Finding] {
        guard !places.isEmpty else { return [] }
        let catalog = applied.catalog
        let altered = places.compactMap { place -> String? in
            guard let schedule = catalog.spec(Trigger.self, named: place.cursor.trigger)?.schedule,
                schedule.timingDigest == place.cursor.specDigest,
                let zone = try? zones.zone(named: schedule.timeZone.identifier)
            else { return nil }
            let expected = UpcomingInstant(of: schedule.cron, in: zone, after: place.cursor.instant)
            // Another version, or other time zones, worked out something else.
            guard place.upcoming.basis == expected.basis, place.upcoming != expected else { return nil }
            let came = "trigger \(place.cursor.trigger) has come to \(place.cursor.instant.rfc3339)"
            return came + (place.upcoming.at.map { ", and fires next at \($0.rfc3339) as was recorded before" } ?? "")
        }
        guard !altered.isEmpty else {
            let who = places.count == 1 ? "1 schedule has" : "\(places.count) schedules have"
            return [.ok("schedules", "\(who) come as far as was recorded")]
        }
        let more = altered.count > shown ? ", and \(altered.count - shown) more" : ""
        return [
            .problem(
                "schedules",
                "what is recorded of schedules was changed behind writ's back: "
                    + "\(altered.prefix(shown).joined(separator: "; "))\(more)",
                fix:
                    "find out who writes to the state, and restore a backup or let `writ serve` go on from there: what has a"
                    + " run or a row runs no second time, and what was leapt over is not run")
        ]
    }
}
