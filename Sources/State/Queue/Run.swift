import GRDB
import Values

/// The states of a run. `discarded` is the dead letter; `unknown` is a side effect whose record a crash took.
package enum RunState: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
    case queued, running, awaitingApproval, succeeded, failed, cancelled, skipped, discarded, unknown

    /// Whether the run may still come to something else.
    package var isActive: Bool {
        switch self {
        case .queued, .running, .awaitingApproval: true
        case .succeeded, .failed, .cancelled, .skipped, .discarded, .unknown: false
        }
    }
}

/// What a run runs.
package enum RunTarget: Sendable, Hashable {
    case agent(String)
    case tool(String)

    package var agent: String? {
        if case .agent(let name) = self { name } else { nil }
    }

    package var tool: String? {
        if case .tool(let name) = self { name } else { nil }
    }

    /// `agent triage`
    package var words: String {
        switch self {
        case .agent(let name): "agent \(name)"
        case .tool(let name): "tool \(name)"
        }
    }

    /// `agent/triage`
    package var path: String {
        switch self {
        case .agent(let name): "agent/\(name)"
        case .tool(let name): "tool/\(name)"
        }
    }

    /// Where its runs wait: the key of `queue_lane`.
    var lane: String { path }

    /// Throws `damaged` for what is none.
    init(lane: String) throws(StateError) {
        let parts = lane.split(separator: "/", maxSplits: 1).map(String.init)
        switch (parts.first, parts.last) {
        case ("agent", .some(let name)) where parts.count == 2: self = .agent(name)
        case ("tool", .some(let name)) where parts.count == 2: self = .tool(name)
        default:
            throw StateError(
                .damaged,
                "a run waits for \(lane), which is no agent or tool: restore a backup with `writ restore FILE`")
        }
    }

    init(row: Row) throws {
        if let agent: String = try row.find("agent") {
            self = .agent(agent)
        } else {
            self = .tool(try row.get("tool"))
        }
    }
}

/// A piece of work to be queued.
package struct NewRun: Sendable {
    /// `nil` for a run by hand.
    package var trigger: String?
    package var target: RunTarget
    /// The revision that it begins and ends on.
    package var revision: Int
    /// Of the target's manifest.
    package var manifestDigest: Digest?
    /// The schedule's instant.
    package var scheduledAt: Instant?
    /// Higher ones are taken first.
    package var priority: Int
    package var maxAttempts: Int
    package var notBefore: Instant
    /// For what does not run and has to say why: the row is made in state `skipped`.
    package var skipReason: String?
    /// The rendered input; `nil` to make it of the event when the run begins.
    package var input: JSON?

    package init(
        trigger: String? = nil, target: RunTarget, revision: Int, manifestDigest: Digest? = nil,
        scheduledAt: Instant? = nil, priority: Int = 0, maxAttempts: Int = 1, notBefore: Instant,
        skipReason: String? = nil, input: JSON? = nil
    ) {
        self.trigger = trigger
        self.target = target
        self.revision = revision
        self.manifestDigest = manifestDigest
        self.scheduledAt = scheduledAt
        self.priority = priority
        self.maxAttempts = max(maxAttempts, 1)
        self.notBefore = notBefore
        self.skipReason = skipReason
        self.input = input
    }
}

/// One piece of work for one agent or tool, as it stands.
package struct Run: Sendable, Hashable {
    package let id: String
    package internal(set) var state: RunState
    package let trigger: String?
    package let target: RunTarget
    package let event: String?
    package let revision: Int
    package let manifestDigest: Digest?
    package let scheduledAt: Instant?
    /// For a skipped run that stands for several instants: how many, from `missedSince` to `scheduledAt`.
    package let missed: Int
    package let missedSince: Instant?
    package let priority: Int
    /// Attempts begun.
    package internal(set) var attempt: Int
    package let maxAttempts: Int
    package let notBefore: Instant
    package let createdAt: Instant
    /// Of the last attempt.
    package let startedAt: Instant?
    package let finishedAt: Instant?
    package internal(set) var output: String?
    package internal(set) var error: String?
    package internal(set) var reason: String?
    package let tokensIn: Int
    package let tokensOut: Int
    package let promptDigest: Digest?
    package let model: String?

    /// The instant, also of a trigger whose name another one has now that ran at the same.
    static let scheduledAt = "coalesce(scheduled_at, former_scheduled_at)"

    /// Everything but the input and the lease.
    static let columns = """
        seq, id, state, trigger_name, agent, tool, event_id, revision, manifest_digest,
        \(scheduledAt) AS scheduled_at, missed, missed_since, priority, attempt, max_attempts, not_before, created_at, started_at, finished_at, output,
        error, reason, tokens_in, tokens_out, prompt_digest, model
        """

    /// Characters of an output or an error that lists have; a run by its id has all of them.
    static let listedCharacters = 1_024

    /// For lists, which would otherwise read a quarter of a MiB for each run.
    static let listColumns =
        columns
        .replacing(" output,", with: " \(beginning(of: "output")),")
        .replacing(" error,", with: " \(beginning(of: "error")),")

    private static func beginning(of column: String) -> String {
        """
        CASE WHEN length(\(column)) > \(listedCharacters)
            THEN substr(\(column), 1, \(listedCharacters)) || '… (cut)' ELSE \(column) END AS \(column)
        """
    }

    init(row: Row) throws {
        id = try row.get("id")
        state = try row.get("state")
        trigger = try row.find("trigger_name")
        target = try RunTarget(row: row)
        event = try row.find("event_id")
        revision = try row.get("revision")
        manifestDigest = try row.find("manifest_digest")
        scheduledAt = try row.find("scheduled_at")
        missed = try row.get("missed")
        missedSince = try row.find("missed_since")
        priority = try row.get("priority")
        attempt = try row.get("attempt")
        maxAttempts = try row.get("max_attempts")
        notBefore = try row.get("not_before")
        createdAt = try row.get("created_at")
        startedAt = try row.find("started_at")
        finishedAt = try row.find("finished_at")
        output = try row.find("output")
        error = try row.find("error")
        reason = try row.find("reason")
        tokensIn = try row.get("tokens_in")
        tokensOut = try row.get("tokens_out")
        promptDigest = try row.find("prompt_digest")
        model = try row.find("model")
    }
}
