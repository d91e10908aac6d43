import HeapModule
import Logging
import Spec
import State
import Values

/// The schedules that fire soon, the next one first. All others stay in the state, in the index of their next instants,
/// until their time comes near: a start looks at that alone.
struct ScheduleBoard {
    private struct Due: Comparable {
        let at: Instant
        /// Of those at one instant, who was longest without a turn comes first.
        let turn: Int
        let trigger: String

        static func < (left: Due, right: Due) -> Bool {
            (left.at, left.turn, left.trigger) < (right.at, right.turn, right.trigger)
        }
    }

    /// `nil` until it was read, and when it has to be read again.
    private(set) var revision: RevisionInForce?
    private var queue = Heap<Due>()
    private var queued: Set<String> = []
    private var turns = 0
    /// Whose missed instants wait for the end of the run before.
    private(set) var waiting: Set<String> = []
    /// Stays when the board begins anew.
    var watch = ClockWatch()
    /// Until when the clock has to come again before what was decided goes on; `nil` where it was not set back.
    var standstill: Instant?
    /// How far the index was read.
    private var through: Instant?
    /// The first instant in it after that.
    private var beyond: Instant?

    /// How much is read at once.
    private static let horizon = Duration.seconds(3_600)
    private static let count = 4_096
    /// Triggers that are decided at a time.
    private static let batch = 500

    var nextInstant: Instant? { [queue.min?.at, beyond, standstill].compactMap(\.self).min() }

    mutating func invalidate() { revision = nil }

    /// Begins anew with the schedules of a revision. Where the next instant of one is not recorded, or by other rules
    /// than ours, it is looked at once, which records it.
    mutating func fill(
        _ revision: RevisionInForce, _ reader: StateReader, zones: ZoneDatabase, now: Instant, _ logger: Logger
    ) throws(StateError) {
        let watch = watch
        self = ScheduleBoard()
        self.watch = watch
        for trigger in try reader.unsettledSchedules(bases(reader, zones)) { enqueue(trigger, at: now) }
        // What could not be run may run by now, and what has another name or no schedule any more is no problem.
        for problem in try reader.resourceProblems() where problem.reason == .unknownTimeZone && problem.endedAt == nil
        {
            enqueue(problem.id.name, at: now)
        }
        try read(reader, zones, now)
        for (name, spec) in revision.triggers where spec.schedule != nil {
            logger.error(
                "this schedule does not fire, because its place is not recorded any more: see `writ doctor`",
                metadata: ["trigger": "\(name)"])
        }
        self.revision = revision
    }

    /// The rules by which instants in the index hold; settling adds some.
    private func bases(_ reader: StateReader, _ zones: ZoneDatabase) throws(StateError) -> [String] {
        try reader.scheduleBases().filter { UpcomingInstant.holds($0, zones) }
    }

    private mutating func read(_ reader: StateReader, _ zones: ZoneDatabase, _ now: Instant) throws(StateError) {
        let end = max(now, through ?? now).advanced(by: Self.horizon)
        let due = try reader.dueSchedules(bases(reader, zones), after: through, through: end, count: Self.count)
        for item in due.items where !waiting.contains(item.trigger) { enqueue(item.trigger, at: item.at) }
        through = due.through
        beyond = due.beyond
    }

    private mutating func enqueue(_ trigger: String, at instant: Instant, turn: Int = 0) {
        if queued.insert(trigger).inserted { queue.insert(Due(at: instant, turn: turn, trigger: trigger)) }
    }

    /// Takes out triggers that have something to decide at `now`, not too many at once.
    mutating func popDue(
        _ now: Instant, _ reader: StateReader, zones: ZoneDatabase
    ) throws(StateError) -> [String] {
        while queue.count < Self.batch, let next = beyond, next <= now { try read(reader, zones, now) }
        var triggers: [String] = []
        while triggers.count < Self.batch, let first = queue.min, first.at <= now {
            queue.removeMin()
            queued.remove(first.trigger)
            triggers.append(first.trigger)
        }
        return triggers
    }

    /// Puts a trigger back until its next instant: into the board, or where that is far off into the index, which is to
    /// have it.
    mutating func push(_ trigger: String, at instant: Instant?) {
        waiting.remove(trigger)
        guard let instant else { return }
        if let through, instant > through {
            beyond = min(beyond ?? instant, instant)
        } else {
            enqueue(trigger, at: instant)
        }
    }

    /// Puts a trigger that has more to decide behind everything that is due by now.
    mutating func line(up trigger: String, at now: Instant) {
        waiting.remove(trigger)
        turns += 1
        enqueue(trigger, at: now, turn: turns)
    }

    mutating func wait(_ trigger: String) { waiting.insert(trigger) }

    /// Whoever waits looks again.
    mutating func wakeWaiting(at now: Instant) {
        for trigger in waiting { enqueue(trigger, at: now) }
        waiting = []
    }
}
