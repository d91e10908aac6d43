import Spec
import State
import Values

/// The one page that shows how everything stands.
struct DashboardPage: Sendable {
    let data: DashboardData
    let parts: Components

    private static let shownDiagnostics = 8
    static let shownNames = 40

    init(_ data: DashboardData) {
        self.data = data
        parts = Components(now: data.overview.at)
    }

    var content: HTML {
        """
        \(alarms)\(banner)
        <div class="tiles">\(revisionTile)\(reconcileTile)\(runsTile)\(deliveriesTile)</div>
        <div class="columns">
        <div>\(runs)\(resources)</div>
        <div>\(circuits)\(overrides)\(webhooks)\(schedules)\(events)\(deliveries)</div>
        </div>
        """
    }

    /// Why the last commit is not in force, or not all of it.
    private var banner: HTML {
        guard let observation = data.overview.observation else { return .empty }
        let title: HTML
        let named = observation.namesCommit ? nil : observation.commit
        let commit = named.map { id -> HTML in "Commit \(parts.commit(id))" } ?? "The last commit"
        switch observation.outcome {
        case .applied, .unchanged:
            // With `apply: perResource` the sound part of a broken commit is in force.
            guard observation.isPartial else { return .empty }
            title = "\(commit) is broken in part"
        case .rejected: title = "\(commit) was rejected"
        case .unreadable: title = "The repository cannot be read"
        }
        let stays: HTML =
            data.overview.revision.map { "Revision \($0.number) stays in force." } ?? "Nothing is in force yet."
        let diagnostics = observation.diagnostics.array ?? []
        var lines = diagnostics.prefix(Self.shownDiagnostics).map { line(of: $0) }
        if diagnostics.count > Self.shownDiagnostics {
            lines.append("<li>… and \(diagnostics.count - Self.shownDiagnostics) more: see writ validate</li>")
        }
        return """
            <section class="banner" role="alert"><h2>\(title)</h2>
            <p>\(HumanText.sentence(observation.message)) \(stays)</p><ul>\(lines)</ul></section>
            """
    }

    /// As `writ validate` prints it.
    private func line(of diagnostic: JSON) -> HTML {
        let path = diagnostic["path"]?.string ?? ""
        let place = [diagnostic["line"]?.int, diagnostic["column"]?.int].compactMap { $0.map { ":\($0)" } }.joined()
        let severity = diagnostic["severity"]?.string ?? "error"
        let code = diagnostic["code"]?.string ?? ""
        let fix = diagnostic["fix"]?.string.map { fix -> HTML in "<span class=\"fix\">fix: \(fix)</span>" } ?? .empty
        return "<li>\(path)\(place): \(severity): \(diagnostic["message"]?.string ?? "") [\(code)]\(fix)</li>"
    }

    private var revisionTile: HTML {
        guard let revision = data.overview.revision else {
            return tile("Revision in force", "none yet", "The first valid commit becomes revision 1.")
        }
        let branch = revision.branch.map { name -> HTML in " on \(name)" } ?? .empty
        let undoes = revision.undoes.map { undone -> HTML in ", undoing \(undone.description)" } ?? .empty
        return tile(
            "Revision in force", "\(revision.number)",
            "\(parts.commit(revision.commit))\(branch), \(parts.ago(revision.createdAt)) by \(revision.actor)\(undoes)")
    }

    private var reconcileTile: HTML {
        guard let observation = data.overview.observation else {
            return tile("Last reconcile", "–", "The repository was not looked at yet.")
        }
        let commit = observation.commit.map { id -> HTML in " at \(parts.commit(id))" } ?? .empty
        return tile("Last reconcile", parts.pill(observation.outcome), "\(parts.ago(observation.lastAt))\(commit)")
    }

    private var runsTile: HTML {
        let runs = data.overview.queue.runs
        let busy = runs[.running] ?? 0
        let waiting = runs[.queued] ?? 0
        let lost = (runs[.failed] ?? 0) + (runs[.discarded] ?? 0) + (runs[.unknown] ?? 0)
        return tile(
            "Runs", "\(HumanText.count(busy)) running",
            "\(HumanText.count(waiting)) queued · \(HumanText.count(runs[.succeeded] ?? 0)) succeeded · "
                + "\(HumanText.count(lost)) failed")
    }

    private var deliveriesTile: HTML {
        let deliveries = data.overview.queue.deliveries
        let open = (deliveries[.queued] ?? 0) + (deliveries[.sending] ?? 0)
        let lost = (deliveries[.failed] ?? 0) + (deliveries[.discarded] ?? 0)
        return tile(
            "Deliveries", "\(HumanText.count(open)) waiting",
            "\(HumanText.count(deliveries[.delivered] ?? 0)) delivered · \(HumanText.count(lost)) failed")
    }

    private func tile(_ title: HTML, _ value: HTML, _ note: HTML) -> HTML {
        "<section class=\"tile\"><h2>\(title)</h2><div class=\"big\">\(value)</div><p>\(note)</p></section>"
    }
}
