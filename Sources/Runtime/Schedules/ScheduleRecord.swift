import State
import Values

/// What is recorded of instants that come again, because the clock was set back: which of them are decided for good.
///
/// Whoever ran has run, and what was skipped in its time is over. What was skipped late, because the clock had leapt
/// there or writ was down, is over once the clock is where it was when that was recorded. Before, nobody can tell whether
/// the clock was wrong then or is now: the instant is decided anew as the clock comes to it.
struct ScheduleRecord {
    private struct Row {
        let run: String
        /// As it is recorded.
        let span: InstantSpan
        let instants: [Instant]
        /// Those of them that are decided anew.
        let open: Set<Instant>
    }

    let decided: Set<Instant>
    private let rows: [Row]

    init(_ recorded: RecordedInstants, _ rule: ScheduleRule, now: Instant) {
        var decided = recorded.ran
        var rows: [Row] = []
        for skip in recorded.skipped {
            // Its last one alone where it is about an earlier schedule.
            let instants = rule.cron.instants(of: skip.instants, in: rule.zone) ?? [skip.instants.last]
            let last = skip.instants.last
            let isPunctual = skip.recordedAt.duration(since: last) <= ScheduleDecision.punctuality
            let open = skip.recordedAt <= now ? [] : Set(isPunctual ? instants.dropLast() : instants[...])
            decided.formUnion(instants.filter { !open.contains($0) })
            if !open.isEmpty { rows.append(Row(run: skip.run, span: skip.instants, instants: instants, open: open)) }
        }
        self.decided = decided
        self.rows = rows
    }

    /// What is left of the rows when everything after one place and up to another one is decided anew.
    func retaken(after cursor: Instant, through next: Instant) -> [RetakenSkip] {
        rows.compactMap { row in
            let kept = row.instants.filter { !(row.open.contains($0) && $0 > cursor && $0 <= next) }
            guard kept.count < row.instants.count else { return nil }
            return RetakenSkip(
                run: row.run, instants: row.span, before: InstantSpan(kept.filter { $0 <= cursor }),
                after: InstantSpan(kept.filter { $0 > cursor }))
        }
    }
}
