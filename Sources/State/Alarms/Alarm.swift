import GRDB
import Values

/// Something that somebody has to look after at the machine itself, and when that was.
package struct Alarm: Sendable, Hashable {
    package enum Name: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
        case diskFull
        /// It says what cannot be, or was set back.
        case clock
    }

    package let name: Name
    package let message: String
    package let since: Instant
    /// `nil` while it goes on.
    package let endedAt: Instant?

    fileprivate init(row: Row) throws {
        name = try row.get("name")
        message = try row.get("message")
        since = try row.get("since")
        endedAt = try row.find("ended_at")
    }
}

extension StateReader {
    /// Those that go on, and the last that ended; newest first.
    package func alarms(limit: Int = 10) throws(StateError) -> [Alarm] {
        try read("reading the alarms") { db in
            try db.rows(
                "SELECT * FROM alarm ORDER BY ended_at IS NOT NULL, seq DESC LIMIT :limit", ["limit": max(limit, 1)]
            )
            .map(Alarm.init(row:))
        }
    }
}

extension StateStore {
    /// Alarms of the past that are kept.
    private static let kept = 100

    /// Records that an alarm goes on, unless it does already.
    package func raise(_ name: Alarm.Name, _ message: String, at now: Instant) throws(StateError) {
        try write("recording an alarm", isUrgent: true) { db in
            try db.run(
                """
                INSERT INTO alarm (name, message, since) VALUES (:name, :message, :now)
                ON CONFLICT (name) WHERE ended_at IS NULL DO NOTHING
                """, ["name": name, "message": message, "now": now])
            _ = try db.run(
                """
                DELETE FROM alarm WHERE ended_at IS NOT NULL AND seq NOT IN (
                    SELECT seq FROM alarm ORDER BY seq DESC LIMIT \(Self.kept))
                """)
        }
    }

    /// Records that an alarm is over, if it went on.
    package func end(_ name: Alarm.Name, at now: Instant) throws(StateError) {
        try write("recording the end of an alarm", isUrgent: true) { db in
            _ = try db.run(
                "UPDATE alarm SET ended_at = :now WHERE name = :name AND ended_at IS NULL",
                ["name": name, "now": now])
        }
    }
}
