import Spec
import State
import Values

/// What a run of a schedule is caused by.
enum ScheduleEvent {
    private static let name = "schedule"

    /// As it is recorded with the run.
    static func new(at instant: Instant, receivedAt: Instant) -> NewEvent {
        NewEvent(
            endpoint: name, name: name, source: name, payload: payload(instant), receivedAt: receivedAt)
    }

    /// As templates see it where none was recorded.
    static func facts(of trigger: String, at instant: Instant, receivedAt: Instant) -> EventFacts {
        EventFacts(
            endpoint: .trigger(trigger), name: name, payload: payload(instant), receivedAt: receivedAt,
            scheduledAt: instant)
    }

    private static func payload(_ instant: Instant) -> JSON { ["scheduledAt": .string(instant.rfc3339)] }
}
