import Apply
import ArgumentParser
import Server
import Spec
import State
import Values

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the revision in force, the last reconcile, and what runs.")

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    private static let schedulesShown = 5
    private static let staleShown = 10
    private static let overridesShown = 10
    private static let webhooksShown = 10
    private static let circuitsShown = 5
    private static let undeliveredShown = 5

    func run() throws {
        let recorded = try RecordedState.open(source, state)
        let overview = try Overview(recorded.reader, zones: SystemZones.database, now: SystemTime.now())
        let writer = StateReader.writer(ofStateAt: recorded.path)
        if try output.isJSON {
            var object = Shapes.overview(overview).object ?? [:]
            object["writer"] = writer?.json
            output.print(.object(object))
        } else {
            Terminal.result(text(overview, writer))
        }
    }

    private func text(_ overview: Overview, _ writer: LockHolder?) -> String {
        var lines: [String] = []
        if let revision = overview.revision {
            let branch = revision.branch.map { " on \($0)" } ?? ""
            lines.append("Revision    \(revision.number) (commit \(revision.commit.prefix(12))\(branch))")
            let how = revision.undoes.map { "made by undoing \($0)" } ?? "applied"
            lines.append("            \(how) \(revision.createdAt.rfc3339) by \(revision.actor)")
        } else {
            lines.append("Revision    nothing was applied yet")
        }
        if let look = overview.observation { lines += reconcile(look) }
        for alarm in overview.alarms where alarm.endedAt == nil {
            lines.append("Alarm       \(alarm.message), since \(alarm.since.rfc3339)")
        }
        if let line = clockLine(overview) { lines.append(line) }
        lines.append("Writer      \(writer?.description ?? "none: `writ serve` does not run")")
        lines += stale(overview)
        let counts = overview.counts.filter { $0.count > 0 }
            .map { "\($0.count) \($0.count == 1 ? $0.kind.lowercased() : $0.plural)" }
        lines.append("Resources   \(counts.isEmpty ? "none" : counts.joined(separator: ", "))")
        if let first = overview.drifted.first {
            let more = overview.drifted.count > 1 ? " and \(overview.drifted.count - 1) more" : ""
            lines.append("Drift       \(first)\(more) altered behind writ's back: see `writ plan`")
        }
        for (index, override) in overview.overrides.prefix(Self.overridesShown).enumerated() {
            lines.append("\(index == 0 ? "Overridden  " : "            ")\(override.line)")
        }
        let hidden = overview.overrides.count - Self.overridesShown
        if hidden > 0 { lines.append("            … and \(hidden) more: writ override") }
        lines += webhooks(overview.registrations)
        // What a process that was killed knew of hosts counts no more.
        let circuits = writer == nil ? [] : overview.circuits
        for (index, circuit) in circuits.prefix(Self.circuitsShown).enumerated() {
            // With the next call, if there is ever one: what called it may be gone.
            let next =
                circuit.until > overview.at ? "next try \(circuit.until.rfc3339)" : "to be tried with the next call"
            let what = "\(circuit.origin) since \(circuit.since.rfc3339), \(next)"
            lines.append("\(index == 0 ? "Left alone  " : "            ")\(what): \(circuit.error)")
        }
        let others = circuits.count - Self.circuitsShown
        if others > 0 { lines.append("            … and \(others) more") }
        for (index, undelivered) in overview.undelivered.prefix(Self.undeliveredShown).enumerated() {
            lines.append(
                "\(index == 0 ? "Undelivered " : "            ")channel/\(undelivered.channel): \(undelivered.line)")
        }
        let silent = overview.undelivered.count - Self.undeliveredShown
        if silent > 0 { lines.append("            … and \(silent) more") }
        if let next = overview.deleted.nextExpiry {
            lines.append("Deleted     \(overview.deleted.count), the first of them kept until \(next.rfc3339)")
        }
        let runs = RunState.allCases.compactMap { state in
            overview.queue.runs[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }
        lines.append("Runs        \(runs.isEmpty ? "none yet" : runs.joined(separator: ", "))")
        if overview.stranded.count > 0 {
            let count = overview.stranded.count
            lines.append("            \(count) due by a clock that was ahead: `writ serve` takes them up")
        }
        let removed = overview.cleanups.filter { $0.removed > 0 && $0.part != .eventKeys }
        if !removed.isEmpty {
            let parts = removed.map { "\($0.removed) \($0.part.rawValue)" }.joined(separator: ", ")
            lines.append("Retention   removed \(parts)")
        }
        for (index, schedule) in overview.schedules.prefix(Self.schedulesShown).enumerated() {
            let next =
                schedule.isSuspended
                ? "suspended"
                : schedule.problem.map { "cannot fire: \($0)" } ?? schedule.next.map { $0.instant.rfc3339(in: $0.zone) }
                    ?? "never"
            lines.append("\(index == 0 ? "Next        " : "            ")\(schedule.trigger) \(next)")
        }
        let more = overview.schedules.count - Self.schedulesShown
        if more > 0 { lines.append("            … and \(more) more") }
        return lines.map(displayed).joined(separator: "\n")
    }

    /// That the clock was set back lately; while schedules wait for it, that is an alarm.
    private func clockLine(_ overview: Overview) -> String? {
        let day = Duration.seconds(86_400)
        return overview.alarms.first { alarm in
            guard alarm.name == .clock, let end = alarm.endedAt else { return false }
            return end <= overview.at && overview.at.duration(since: end) < day
        }.map { "Clock       \($0.message)" }
    }

    private func stale(_ overview: Overview) -> [String] {
        var lines: [String] = []
        for (index, record) in overview.stale.prefix(Self.staleShown).enumerated() {
            let why = record.resource.diagnostics.first.map { ": \($0.place): \($0.message)" } ?? ""
            let since = "since \(record.since.rfc3339), commit \(record.commit.prefix(12))"
            lines.append("\(index == 0 ? "Stale       " : "            ")\(record.resource.summary), \(since)\(why)")
        }
        let more = overview.stale.count - Self.staleShown
        if more > 0 { lines.append("            … and \(more) more") }
        return lines
    }

    private func webhooks(_ all: [RegistrationState]) -> [String] {
        guard !all.isEmpty else { return [] }
        let troubled = all.filter(\.isTroubled)
        let rest = troubled.isEmpty ? "" : ", \(troubled.count) with a problem:"
        // Only what is there is kept there.
        let kept = all.count { $0.registration.standing == .registered }
        let count = kept == all.count ? "\(all.count)" : "\(kept) of \(all.count)"
        var lines = ["Webhooks    \(count) kept at \(all.count == 1 ? "its sender" : "their senders")\(rest)"]
        for state in troubled.prefix(Self.webhooksShown) {
            let what = state.registration.problem ?? state.gap ?? state.registration.senderSays ?? ""
            lines.append("            \(state.registration.id): \(what)")
        }
        let more = troubled.count - Self.webhooksShown
        if more > 0 { lines.append("            … and \(more) more") }
        return lines
    }

    private func reconcile(_ look: Observation) -> [String] {
        let commit = look.namesCommit ? "" : look.commit.map { " commit \($0.prefix(12))" } ?? ""
        var lines = ["Reconcile   \(look.outcome.rawValue)\(commit) \(look.lastAt.rfc3339): \(look.message)"]
        guard look.outcome == .rejected || look.outcome == .unreadable || look.isPartial else { return lines }
        for diagnostic in (look.diagnostics.array ?? []).filter({ $0["severity"]?.string == "error" }).prefix(10) {
            let place =
                "\(diagnostic["path"]?.string ?? ""):\(diagnostic["line"]?.int ?? 1):\(diagnostic["column"]?.int ?? 1)"
            lines.append(
                "            \(place): \(diagnostic["message"]?.string ?? "") [\(diagnostic["code"]?.string ?? "")]")
            if let fix = diagnostic["fix"]?.string { lines.append("                fix: \(fix)") }
        }
        return lines
    }
}
