import Apply
import Git
import Spec
import State
import Values

/// `writ why` for people: from the event down to the commits.
struct RunCauseText {
    private let commits: CommitBook
    private var lines: [String] = []

    static func text(_ cause: RunCause, _ commits: CommitBook) -> String {
        var text = RunCauseText(commits: commits)
        text.write(cause)
        return text.lines.map(displayed).joined(separator: "\n")
    }

    private init(commits: CommitBook) {
        self.commits = commits
    }

    private mutating func write(_ cause: RunCause) {
        let run = cause.run
        let end = run.finishedAt.map { ", ended \($0.rfc3339)" } ?? ""
        add("Run", "\(run.id)  \(run.state.rawValue), attempt \(run.attempt) of \(run.maxAttempts)")
        add("", "made \(run.createdAt.rfc3339)\(end)")
        if let reason = run.reason { add("", reason) }
        if let error = run.error { add("", headline(error, 200)) }
        if let event = cause.event {
            add("Event", "\(event.name)  \(event.id)")
            add("", "from \(event.endpoint) (\(event.source)), received \(event.receivedAt.rfc3339)")
        } else {
            add("Event", run.scheduledAt == nil ? "none: it was asked for by hand" : Self.due(cause.trigger))
        }
        if let instant = run.scheduledAt { add("", "for the instant \(instant.rfc3339)") }
        write("Trigger", run.trigger.map { Trigger.id($0) }, cause.trigger, none: "none: it was asked for by hand")
        let target = run.target.agent.map(Agent.id) ?? run.target.tool.map(Tool.id)
        write(run.target.agent == nil ? "Tool" : "Agent", target, cause.target, none: "")
        for (index, use) in cause.uses.enumerated() {
            write(index == 0 ? "With" : "", use.resource.id, use, none: "", isShort: true)
        }
        add("Manifest", run.manifestDigest?.text ?? cause.target?.resource.digest.text ?? "not recorded")
        add("Prompt", run.promptDigest?.text ?? "none: no prompt was made")
        add("Model", run.model ?? "none was asked")
        guard let revision = cause.revision else { return }
        add("Revision", "\(revision.number), applied \(revision.createdAt.rfc3339) by \(revision.actor)")
        add("Commit", revision.commit)
        guard let commit = commits[revision.commit] else { return }
        add("", "\(commit.authorText), \(commit.authorTime.rfc3339)")
        add("", commit.subject)
    }

    /// The schedule as it was in the run's revision.
    private static func due(_ trigger: RunCause.Part?) -> String {
        guard let schedule = trigger?.resource.manifest["spec"]?["schedule"], let cron = schedule["cron"]?.string
        else { return "none: it was due by a schedule" }
        return "none: it was due by the schedule `\(cron)` (\(schedule["timeZone"]?.string ?? "UTC"))"
    }

    private mutating func write(
        _ label: String, _ id: ResourceID?, _ part: RunCause.Part?, none: String, isShort: Bool = false
    ) {
        guard let part else {
            let gone = id.map { "\($0), which is not in the run's revision" } ?? none
            if !gone.isEmpty { add(label, gone) }
            return
        }
        let since = part.since.map { revision in
            if let undone = revision.undoes {
                return "as it is since revision \(revision.number), undo of \(undone.revision) by \(revision.actor)"
            }
            let commit = part.commit ?? revision.commit
            let author = commits[commit].map { " by \($0.author.name): \($0.subject)" } ?? ""
            return "as it is since revision \(revision.number), commit \(commit.prefix(12))\(author)"
        }
        if isShort {
            add(label, [part.resource.id.description, since].compactMap { $0 }.joined(separator: "  "))
        } else {
            add(label, "\(part.resource.id)  \(part.resource.place)")
            if let since { add("", since) }
        }
    }

    private mutating func add(_ label: String, _ text: String) {
        lines.append(label + String(repeating: " ", count: max(1, 10 - label.count)) + text)
    }
}
