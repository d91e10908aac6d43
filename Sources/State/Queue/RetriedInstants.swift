import GRDB
import Spec
import Values

extension Run {
    /// Holds for a missed instant that somebody retried: only rows of what was skipped count instants and have no event.
    static let isRetriedInstant = "(missed > 0 AND event_id IS NULL AND state <> 'skipped')"

    /// Whether it is a missed instant that somebody retried.
    package var isRetriedInstant: Bool { missed > 0 && event == nil && state != .skipped }

    /// A new reason of a run. Of a retried instant, who retried it and why it had been skipped stays behind it.
    ///
    /// - Parameter name: of the argument
    static func reason(_ name: String) -> String {
        let words = "'\(RunOperation.retry.past) by '"
        return """
            CASE WHEN \(isRetriedInstant) AND instr(reason, \(words)) > 0
                THEN coalesce(:\(name) || '; ', '') || substr(reason, instr(reason, \(words)))
                ELSE :\(name) END
            """
    }
}

/// Retried instants of a trigger whose runs must not go on beside each other begin one after another, as what its schedule
/// catches up does.
struct RunTurns {
    /// What does not begin now: `NAME/0` stands for a trigger's runs that were not begun yet, `NAME/1` for those that were.
    private var held: Set<String> = []

    var isEmpty: Bool { held.isEmpty }

    var argument: JSON { .array(held.sorted().map(JSON.string)) }

    /// Holds for what does not begin now.
    static func isHeld(_ table: String) -> String {
        """
        (coalesce(\(table).scheduled_at, \(table).former_scheduled_at) IS NOT NULL AND \(table).trigger_name IS NOT NULL
            AND \(table).trigger_name || '/' || (\(table).attempt > 0) IN (SELECT value FROM json_each(:held)))
        """
    }

    /// Whether it is a run's turn. Where not, those like it are held from now on.
    mutating func mayBegin(_ candidate: Row, in db: Database) throws -> Bool {
        guard let name: String = try candidate.find("trigger_name"), try candidate.get("is_scheduled") else {
            return true
        }
        let isRetried: Bool = try candidate.get("is_retried_instant")
        let revision: Int = try candidate.get("revision")
        let trigger = try db.currentName(of: Trigger.id(name), at: revision)
        let other = try db.otherRun(
            of: trigger, than: try candidate.get("id"), isRetried: isRetried,
            wasBegun: try candidate.get("attempt") as Int > 0)
        guard let other, try db.runsInTurn(trigger, name, at: revision) else { return true }
        held.insert("\(name)/0")
        // What waits for its next attempt is itself what others wait for.
        if other != .queued { held.insert("\(name)/1") }
        return false
    }
}

extension Database {
    /// The state of a run of the trigger that has to end first.
    fileprivate func otherRun(
        of trigger: String, than id: String, isRetried: Bool, wasBegun: Bool
    ) throws -> RunState? {
        // Others of a schedule saw to it when they fired.
        var conditions = ["state IN ('running', 'awaitingApproval')\(isRetried ? "" : " AND \(Run.isRetriedInstant)")"]
        if isRetried, !wasBegun { conditions.append("state = 'queued' AND attempt > 0") }
        for condition in conditions {
            let names = try self.condition(Trigger.id(trigger), name: "trigger_name", and: condition)
            let state: RunState? = try value(
                "SELECT state FROM run WHERE \(names.text) AND id <> :id LIMIT 1",
                names.arguments.merging(["id": id]) { _, own in own })
            if let state { return state }
        }
        return nil
    }

    /// Whether the runs of a trigger must not go on beside each other: by the revision in force or, where it is gone, by
    /// that of the run.
    fileprivate func runsInTurn(_ trigger: String, _ former: String, at revision: Int) throws -> Bool {
        let applied = try resourceInForce(Trigger.id(trigger)) ?? resource(Trigger.id(former), at: revision)
        let schedule = applied.flatMap { Resource($0).spec(as: Trigger.self)?.schedule }
        return schedule.map { $0.concurrencyPolicy != .allow } ?? false
    }
}
