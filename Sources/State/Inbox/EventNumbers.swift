import GRDB
import Values

extension Event {
    /// The highest number that an event has or had; 0 before the first one.
    static let lastNumber =
        "SELECT max(coalesce((SELECT max(seq) FROM event), 0), coalesce((SELECT number FROM removed_event), 0))"
}

extension Database {
    func lastEvent() throws -> Int { try value(Event.lastNumber) ?? 0 }

    /// Remembers that the numbers of events that are about to be removed were given.
    func keepNumber(ofEvents numbers: JSON) throws {
        try run(
            """
            INSERT INTO removed_event (one, number)
                SELECT 1, max(value) FROM json_each(:numbers) HAVING max(value) IS NOT NULL
            ON CONFLICT (one) DO UPDATE SET number = max(number, excluded.number)
            """, ["numbers": numbers])
    }
}
