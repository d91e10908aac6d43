import Logging
import Spec
import State
import Values

/// A trigger whose time has come.
struct ScheduledTrigger: Sendable {
    let name: String
    let spec: Trigger
    let schedule: Trigger.Schedule
    let target: RunTarget
    let rule: ScheduleRule
    var cursor: ScheduleCursor
}

extension Scheduler {
    /// Reads some triggers with their cursors, in the order in which they are given. Of what cannot be run the log says
    /// why, and so does the state.
    func load(_ names: [String], _ revision: RevisionInForce) throws(StateError) -> [ScheduledTrigger] {
        var found: [String: ScheduledTrigger] = [:]
        var problems: [ResourceID: String?] = [:]
        for name in names { problems[Trigger.id(name)] = .some(nil) }
        for (cursor, applied) in try store.reader.schedules(of: names, at: revision.revision.number) {
            let name = cursor.trigger
            guard let spec = revision.trigger(applied), let schedule = spec.schedule, let target = spec.target else {
                continue
            }
            do {
                let rule = ScheduleRule(
                    cron: schedule.cron, zone: try zones.zone(named: schedule.timeZone.identifier),
                    catchUp: schedule.catchUp, catchUpWindow: schedule.catchUpWindow,
                    suspension: revision.suspension(of: name, spec) ?? revision.suspension(of: target))
                found[name] = ScheduledTrigger(
                    name: name, spec: spec, schedule: schedule, target: target, rule: rule, cursor: cursor)
            } catch {
                logger.error("\(error.message)", metadata: ["trigger": "\(name)"])
                problems[Trigger.id(name)] = error.message
            }
        }
        try store.note(.unknownTimeZone, problems, at: clock.now())
        return names.compactMap { found[$0] }
    }
}
