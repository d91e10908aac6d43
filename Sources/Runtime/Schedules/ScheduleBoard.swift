import HeapModule
import Logging
import Spec
import State
import Values

/// A trigger's schedule as it is being run.
struct ScheduledTrigger: Sendable {
    let name: String
    let spec: Trigger
    let schedule: Trigger.Schedule
    let rule: ScheduleRule
    var cursor: ScheduleCursor
}

/// All schedules of the revision in force, the next one first.
struct ScheduleBoard {
    private struct Due: Comparable {
        let at: Instant
        let trigger: String

        static func < (left: Due, right: Due) -> Bool {
            (left.at, left.trigger) < (right.at, right.trigger)
        }
    }

    /// `nil` until it was read, and when it has to be read again.
    private(set) var revision: RevisionInForce?
    private var triggers: [String: ScheduledTrigger] = [:]
    private var queue = Heap<Due>()
    /// Whose missed instants wait for the end of the run before.
    private(set) var waiting: Set<String> = []

    var nextInstant: Instant? { queue.min?.at }

    subscript(trigger: String) -> ScheduledTrigger? { triggers[trigger] }

    mutating func invalidate() { revision = nil }

    /// Begins anew with the schedules of a revision. Each is due at once: where its cursor stands is decided then.
    mutating func fill(
        _ revision: RevisionInForce, cursors: [String: ScheduleCursor], zones: ZoneDatabase, now: Instant,
        _ logger: Logger
    ) {
        self = ScheduleBoard()
        self.revision = revision
        for (name, spec) in revision.triggers {
            guard let schedule = spec.schedule, let target = spec.target else { continue }
            guard let cursor = cursors[name] else {
                logger.error("this schedule has no cursor: apply it again", metadata: ["trigger": "\(name)"])
                continue
            }
            do {
                let rule = ScheduleRule(
                    cron: schedule.cron, zone: try zones.zone(named: schedule.timeZone.identifier),
                    catchUp: schedule.catchUp, catchUpWindow: schedule.catchUpWindow,
                    suspension: revision.suspension(of: name, spec) ?? revision.suspension(of: target))
                triggers[name] = ScheduledTrigger(
                    name: name, spec: spec, schedule: schedule, rule: rule, cursor: cursor)
                queue.insert(Due(at: min(now, cursor.instant), trigger: name))
            } catch {
                logger.error("\(error.message)", metadata: ["trigger": "\(name)"])
            }
        }
    }

    /// Takes out a trigger that has something to decide at `now`.
    mutating func popDue(_ now: Instant) -> String? {
        guard let first = queue.min, first.at <= now else { return nil }
        queue.removeMin()
        return first.trigger
    }

    /// Puts a trigger back until its next instant.
    mutating func push(_ trigger: String, at instant: Instant?) {
        waiting.remove(trigger)
        if let instant { queue.insert(Due(at: instant, trigger: trigger)) }
    }

    mutating func wait(_ trigger: String) { waiting.insert(trigger) }

    /// Whoever waits looks again.
    mutating func wakeWaiting(at now: Instant) {
        for trigger in waiting { queue.insert(Due(at: now, trigger: trigger)) }
        waiting = []
    }

    mutating func move(_ trigger: String, to instant: Instant) {
        guard let cursor = triggers[trigger]?.cursor else { return }
        triggers[trigger]?.cursor = ScheduleCursor(
            trigger: trigger, instant: instant, specDigest: cursor.specDigest)
    }
}
