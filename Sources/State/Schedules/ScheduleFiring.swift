import Values

/// One step of a schedule: what runs, what does not and why, and how far the cursor comes by it.
package struct ScheduleFiring: Sendable {
    /// As it was read. If the recorded one is another by now, the firing was decided on old grounds and is refused.
    package let cursor: ScheduleCursor
    /// Where the cursor comes to.
    package let next: Instant
    /// When it fires after that, if that is known; it is worked out again otherwise.
    package let upcoming: UpcomingInstant?
    /// What causes the run; there is none without it.
    package let event: NewEvent?
    /// Its trigger is the cursor's, its `scheduledAt` the instant that fires.
    package let run: NewRun?
    package let skipped: [SkippedInstants]
    /// Rows of instants that are decided anew by this.
    package let retaken: [RetakenSkip]
    package let others: OtherRuns
    package let at: Instant

    /// What the run makes of its trigger's runs that are not over.
    package enum OtherRuns: Sendable, Hashable {
        case ignored
        /// It does not fire beside one.
        case respected
        /// They are cancelled, in the transaction that queues the new one.
        case cancelled(reason: String)
    }

    package init(
        cursor: ScheduleCursor, next: Instant, upcoming: UpcomingInstant? = nil, event: NewEvent? = nil,
        run: NewRun? = nil, skipped: [SkippedInstants] = [], retaken: [RetakenSkip] = [], others: OtherRuns = .ignored,
        at: Instant
    ) {
        self.cursor = cursor
        self.next = next
        self.upcoming = upcoming
        self.event = event
        self.run = run
        self.skipped = skipped
        self.retaken = retaken
        self.others = others
        self.at = at
    }
}

/// Instants of a schedule at which nothing ran, one or a row of them, for one reason.
package struct SkippedInstants: Sendable, Hashable {
    /// The first of them.
    package let since: Instant
    /// The last of them; the same for one.
    package let instant: Instant
    /// How many.
    package let count: Int
    package let reason: String
    package let target: RunTarget
    /// The revision in force.
    package let revision: Int

    package init(
        since: Instant, instant: Instant, count: Int, reason: String, target: RunTarget, revision: Int
    ) {
        self.since = since
        self.instant = instant
        self.count = count
        self.reason = reason
        self.target = target
        self.revision = revision
    }

    package init(instant: Instant, reason: String, target: RunTarget, revision: Int) {
        self.init(since: instant, instant: instant, count: 1, reason: reason, target: target, revision: revision)
    }
}

package enum FiringOutcome: Sendable, Hashable {
    /// The id of the run, if there is one.
    case fired(run: String?)
    /// There is a row for this instant already; the cursor has moved all the same.
    case alreadyFired
    /// A run of the trigger is not over: nothing was changed.
    case blocked
    /// The cursor or what is decided anew is not as the caller saw it, or the schedule is gone: nothing was changed.
    case superseded
}
