import GRDB
import Values

/// When a schedule fires next after its cursor, and by which rules that was worked out.
package struct UpcomingInstant: Sendable, Hashable {
    /// `nil` where there is never one.
    package let at: Instant?
    package let basis: String

    package init(of cron: CronExpression, in zone: Zone, after cursor: Instant) {
        self.init(at: cron.next(after: cursor, in: zone), in: zone)
    }

    /// - Parameter at: as `cron.next(after:in:)` gave it
    package init(at: Instant?, in zone: Zone) {
        self.at = at
        basis = Self.basis(zone)
    }

    /// Raised when expressions come to mean other instants.
    private static let version = 1

    private static func basis(_ zone: Zone) -> String { "\(version) \(zone.identifier) \(zone.fingerprint)" }

    /// Whether what was worked out by these rules still holds: with this version of writ and these time zones.
    package static func holds(_ basis: String, _ zones: ZoneDatabase) -> Bool {
        let parts = basis.split(separator: " ")
        guard parts.count == 3, let zone = try? zones.zone(named: String(parts[1])) else { return false }
        return Self.basis(zone) == basis
    }

    /// - Returns: `nil` where it was not worked out
    init?(row: Row) throws {
        guard let basis: String = try row.find("basis") else { return nil }
        self.basis = basis
        at = try row.find("next_at")
    }
}

/// A schedule that fires at an instant, as the index says.
package struct DueSchedule: Sendable, Hashable {
    package let trigger: String
    package let at: Instant
}

/// A stretch of time of the index.
package struct DueSchedules: Sendable {
    /// In order of their instants.
    package let items: [DueSchedule]
    /// Every schedule that fires up to here is among them.
    package let through: Instant
    /// The first instant beyond; `nil` if there is none.
    package let beyond: Instant?
}

extension StateReader {
    /// The rules by which next instants were worked out.
    package func scheduleBases() throws(StateError) -> [String] {
        try read("reading the rules of schedules") { db in
            // From one to the next: there are few, and many schedules of each.
            try db.rows(
                """
                WITH RECURSIVE known (basis) AS (
                    SELECT min(basis) FROM schedule_cursor
                    UNION ALL
                    SELECT (SELECT min(c.basis) FROM schedule_cursor AS c WHERE c.basis > known.basis) FROM known
                    WHERE known.basis IS NOT NULL)
                SELECT basis FROM known WHERE basis IS NOT NULL
                """
            ).map { try $0.get("basis") }
        }
    }

    /// The schedules that fire next, by rules that hold.
    ///
    /// - Parameters:
    ///   - start: only after it; `nil` for all that lies behind, too
    ///   - end: only up to it
    ///   - count: where there are many more, about so many
    package func dueSchedules(
        _ bases: [String], after start: Instant?, through end: Instant, count: Int
    ) throws(StateError) -> DueSchedules {
        try read("reading which schedules are due") { db in
            let start = start ?? Instant(milliseconds: .min)
            var through = end
            for basis in bases {
                let last: Instant? = try db.value(
                    """
                    SELECT next_at FROM schedule_cursor WHERE basis = :basis AND next_at > :start AND next_at < :through
                    ORDER BY next_at LIMIT 1 OFFSET :count
                    """, ["basis": basis, "start": start, "through": through, "count": count])
                if let last { through = last }
            }
            var items: [DueSchedule] = []
            var beyond: Instant?
            for basis in bases {
                items += try db.rows(
                    """
                    SELECT trigger_name, next_at FROM schedule_cursor
                    WHERE basis = :basis AND next_at > :start AND next_at <= :through
                    """, ["basis": basis, "start": start, "through": through]
                ).map { DueSchedule(trigger: try $0.get("trigger_name"), at: try $0.get("next_at")) }
                let next: Instant? = try db.value(
                    """
                    SELECT next_at FROM schedule_cursor WHERE basis = :basis AND next_at > :through
                    ORDER BY next_at LIMIT 1
                    """, ["basis": basis, "through": through])
                beyond = [beyond, next].compactMap(\.self).min()
            }
            return DueSchedules(
                items: items.sorted { ($0.at, $0.trigger) < ($1.at, $1.trigger) }, through: through, beyond: beyond)
        }
    }

    /// Triggers whose next instant was never worked out, or by other rules than these.
    package func unsettledSchedules(_ bases: [String]) throws(StateError) -> [String] {
        let stale = try scheduleBases().filter { !bases.contains($0) }
        return try read("reading which schedules have to be worked out") { db in
            try db.rows(
                """
                SELECT trigger_name FROM schedule_cursor WHERE basis IS NULL
                UNION ALL
                SELECT trigger_name FROM schedule_cursor WHERE basis IN (SELECT value FROM json_each(:stale))
                """, ["stale": JSON.array(stale.map(JSON.string))]
            ).map { try $0.get("trigger_name") }
        }
    }

    /// Cursors of some triggers, with the triggers as they were at a revision. Who has no schedule is not among them.
    package func schedules(
        of triggers: [String], at revision: Int
    ) throws(StateError) -> [(cursor: ScheduleCursor, trigger: AppliedResource)] {
        try read("reading schedules") { db in
            // CROSS JOIN keeps the order: SQLite would begin with all triggers.
            try db.rows(
                """
                SELECT c.trigger_name, c.instant, c.spec_digest, v.kind, v.name, v.digest, m.body, v.path, v.line,
                    v.column_number, v.from_revision
                FROM json_each(:names) AS wanted
                    CROSS JOIN schedule_cursor AS c ON c.trigger_name = wanted.value
                    CROSS JOIN resource_version AS v ON v.kind = 'Trigger' AND v.name = c.trigger_name
                        AND v.from_revision <= :revision
                        AND (v.to_revision IS NULL OR v.to_revision > :revision)
                    CROSS JOIN manifest AS m ON m.digest = v.digest
                """, ["names": JSON.array(triggers.map(JSON.string)), "revision": revision]
            ).compactMap { row in
                guard let cursor = try ScheduleCursor.ifReadable(row) else { return nil }
                return (cursor, try AppliedResource(row: row))
            }
        }
    }
}

extension StateStore {
    /// Records when schedules fire next that have not moved since. Nothing that is in force becomes another one by it.
    package func settle(_ upcoming: [(cursor: ScheduleCursor, next: UpcomingInstant)]) throws(StateError) {
        guard !upcoming.isEmpty else { return }
        try write("recording when schedules fire next", silently: true, isWork: true) { db in
            for (cursor, next) in upcoming {
                try db.run(
                    """
                    UPDATE schedule_cursor SET next_at = :next, basis = :basis
                    WHERE trigger_name = :trigger AND instant = :instant AND spec_digest = :digest
                    """,
                    [
                        "next": next.at, "basis": next.basis, "trigger": cursor.trigger, "instant": cursor.instant,
                        "digest": cursor.specDigest,
                    ])
            }
        }
    }
}
