import GRDB

extension Event {
    /// The highest number that an event has or had; 0 before the first one.
    static let lastNumber =
        "SELECT max(coalesce((SELECT max(seq) FROM event), 0), coalesce((SELECT number FROM removed_event), 0))"

    /// The number that comes after one. Throws `damaged` where there is none: nobody has so many events.
    static func number(after last: Int) throws(StateError) -> Int {
        let (number, isOver) = last.addingReportingOverflow(1)
        guard !isOver else {
            throw StateError(.damaged, "an event has the highest number: restore a backup with `writ restore FILE`")
        }
        return number
    }
}

extension Database {
    func lastEvent() throws -> Int { try value(Event.lastNumber) ?? 0 }
}
