import Logging
import Spec
import State
import Values

extension Scheduler {
    /// Decisions of one schedule in a row: of many that have much to catch up, each goes on a little at a time.
    private static let turn = 10

    /// Brings schedules up to `now`. Returns false if a recorded cursor is not where it was read.
    func advance(
        _ names: [String], _ revision: RevisionInForce, on board: inout ScheduleBoard, to now: Instant
    ) async throws(StateError) -> Bool {
        var settled: [(cursor: ScheduleCursor, next: UpcomingInstant)] = []
        for trigger in try load(names, revision) {
            if Task.isCancelled { return true }
            if try !advance(trigger, revision, on: &board, to: now, &settled) { return false }
            await Task.yield()
        }
        try store.settle(settled)
        return true
    }

    /// - Parameter settled: gets what fires later than now, with when
    private func advance(
        _ trigger: ScheduledTrigger, _ revision: RevisionInForce, on board: inout ScheduleBoard, to now: Instant,
        _ settled: inout [(cursor: ScheduleCursor, next: UpcomingInstant)]
    ) throws(StateError) -> Bool {
        var trigger = trigger
        let name = trigger.name
        for _ in 0..<Self.turn where !Task.isCancelled {
            let cursor = trigger.cursor.instant
            var record: ScheduleRecord?
            let decision = try ScheduleDecision(trigger.rule, cursor: cursor, now: now) { due throws(StateError) in
                let recorded = try store.reader.recordedInstants(of: name, after: cursor, through: due.last ?? cursor)
                guard !recorded.isEmpty else { return [] }
                let found = ScheduleRecord(recorded, trigger.rule, now: now)
                record = found
                return found.decided
            }
            let retaken = record?.retaken(after: cursor, through: decision.cursor) ?? []
            let upcoming = UpcomingInstant(at: decision.next, in: trigger.rule.zone)
            guard decision.cursor > trigger.cursor.instant else {
                settled.append((trigger.cursor, upcoming))
                board.push(name, at: decision.next)
                return true
            }
            guard let firing = try firing(decision, retaken, upcoming, of: trigger, revision, now)
            else {
                board.wait(name)
                return true
            }
            switch try store.fire(firing) {
            case .fired(let run):
                note(decision, firing, run: run, of: trigger, now)
            case .alreadyFired:
                logger.info("this instant has a run already", metadata: ["trigger": "\(name)"])
            case .blocked:
                // A run has begun since it was looked for: decided again, with it in view.
                continue
            case .superseded:
                return false
            }
            trigger.cursor = ScheduleCursor(
                trigger: name, instant: decision.cursor, specDigest: trigger.cursor.specDigest)
            if !decision.isBehind {
                board.push(name, at: decision.next)
                return true
            }
        }
        // A stop does not wait for all that was missed: the next start goes on at the cursor.
        board.line(up: name, at: now)
        return true
    }

    /// What to record; `nil` to wait for the end of the run before.
    private func firing(
        _ decision: ScheduleDecision, _ retaken: [RetakenSkip], _ upcoming: UpcomingInstant,
        of trigger: ScheduledTrigger,
        _ revision: RevisionInForce, _ now: Instant
    ) throws(StateError) -> ScheduleFiring? {
        let target = trigger.target
        let number = revision.revision.number
        var skipped = decision.skipped.map {
            SkippedInstants(
                since: $0.since, instant: $0.last, count: $0.count, reason: $0.reason, target: target, revision: number)
        }
        guard let instant = decision.fires else {
            return ScheduleFiring(
                cursor: trigger.cursor, next: decision.cursor, upcoming: upcoming, skipped: skipped, retaken: retaken,
                at: now)
        }
        let others =
            trigger.schedule.concurrencyPolicy == .allow ? [] : try store.reader.activeRuns(trigger: trigger.name)
        let hasRetried = others.contains(where: \.isRetriedInstant)
        if trigger.schedule.concurrencyPolicy == .forbid, let active = others.first {
            // What was missed may run late, and so waits; what is due now is skipped (fault E101). What had passed already
            // when the one before it was begun was missed together with it, however lately; and what comes due while missed
            // instants are retried comes after those.
            let isLate = now.duration(since: instant) > ScheduleDecision.punctuality
            let isMissed = isLate || hasRetried || active.scheduledAt != nil && instant <= active.createdAt
            if isMissed, trigger.schedule.catchUp == .all { return nil }
            let isDelayed = active.state == .queued && active.attempt == 0 && active.notBefore > now
            let what = isDelayed ? "previous run still waits for its jitter" : "previous run still active"
            skipped.append(
                SkippedInstants(
                    instant: instant, reason: "\(what): \(active.id)", target: target,
                    revision: number))
            return ScheduleFiring(
                cursor: trigger.cursor, next: decision.cursor, upcoming: upcoming, skipped: skipped, retaken: retaken,
                at: now)
        }
        // What was missed runs in order, each of it, and so replaces nothing that was begun since: only what came due
        // after that does.
        if trigger.schedule.concurrencyPolicy == .replace, trigger.schedule.catchUp == .all,
            hasRetried || others.contains(where: { $0.scheduledAt != nil && instant <= $0.createdAt })
        {
            return nil
        }
        let delay = ScheduleJitter.delay(of: trigger.name, at: instant, upTo: trigger.schedule.jitter)
        return ScheduleFiring(
            cursor: trigger.cursor, next: decision.cursor, upcoming: upcoming,
            event: ScheduleEvent.new(at: instant, receivedAt: now),
            run: revision.run(
                of: trigger.name, trigger.spec, scheduledAt: instant, notBefore: instant.advanced(by: delay)),
            skipped: skipped, retaken: retaken, others: trigger.schedule.concurrencyPolicy.others(at: instant), at: now)
    }

    private func note(
        _ decision: ScheduleDecision, _ firing: ScheduleFiring, run: String?, of trigger: ScheduledTrigger,
        _ now: Instant
    ) {
        let skipped = firing.skipped.reduce(0) { $0 + $1.count }
        metrics.count { counts in
            counts.schedulesSkipped += skipped
            guard run != nil, let instant = decision.fires else { return }
            counts.schedulesFired += 1
            counts.scheduleLag = now.duration(since: instant)
        }
        if let run, let instant = decision.fires {
            logger.info(
                "a schedule fired",
                metadata: ["trigger": "\(trigger.name)", "run": "\(run)", "scheduledAt": "\(instant)"])
        }
        for skip in firing.skipped {
            logger.info(
                "a schedule did not fire",
                metadata: [
                    "trigger": "\(trigger.name)", "reason": "\(skip.reason)", "count": .stringConvertible(skip.count),
                    "scheduledAt": "\(skip.instant)",
                ])
        }
    }
}

extension Trigger.Schedule.ConcurrencyPolicy {
    fileprivate func others(at instant: Instant) -> ScheduleFiring.OtherRuns {
        switch self {
        case .allow: .ignored
        case .forbid: .respected
        case .replace: .cancelled(reason: "replaced by the run of \(instant.rfc3339)")
        }
    }
}
