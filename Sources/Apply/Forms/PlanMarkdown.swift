import Spec
import State
import Values

/// A plan as one comment or job summary: what is risky first, then the changes, the longer ones folded. What does not
/// fit is counted, and the command that prints the whole plan is named.
package struct PlanMarkdown {
    private let path: String
    private let command: String
    private let limit: MarkdownLimit

    private static let namesShown = 50
    private static let warningsShown = 20
    private static let forecastsShown = 20
    /// For the note about what was left out.
    private static let reserve = 1_000

    /// - Parameters:
    ///   - path: the directory of the manifests, for the hidden marker
    ///   - command: what prints the whole plan
    package init(path: String, command: String, limit: MarkdownLimit) {
        self.path = path
        self.command = command
        self.limit = limit
    }

    package func render(_ plan: Plan) -> String {
        let head =
            Markdown.marker("plan", path: path) + title(plan) + refusals(plan) + stale(plan) + deletions(plan)
            + warnings(plan) + settings(plan) + text(of: plan.notes) + impact(plan, isRisk: true)
        let foot =
            moves(plan) + impact(plan, isRisk: false) + forecasts(plan)
            + "\nAs of \(plan.asOf.rfc3339), plan `\(plan.digest.text)`.\n"
        let budget = limit.size - limit.size(of: head) - limit.size(of: foot) - Self.reserve
        return head + changes(plan, budget) + foot
    }

    private func moves(_ plan: Plan) -> String {
        guard !plan.moves.isEmpty else { return "" }
        let shown = plan.moves.prefix(Self.namesShown).map { "- \(Markdown.code($0.text))\n" }.joined()
        let more = plan.moves.count - Self.namesShown
        return "\n**In other files, as they were:**\n\n" + shown + (more > 0 ? "- … and \(more) more\n" : "")
    }

    private func title(_ plan: Plan) -> String {
        let actions = PlannedChange.Action.allCases.compactMap { action in
            plan.count(action) == 0 ? nil : "\(plan.count(action)) to \(action.rawValue)"
        }
        let altered = plan.drift.isEmpty ? nil : "\(plan.drift.count) altered behind writ's back"
        let counts = actions + [plan.settingsChange?.summary, altered].compactMap(\.self)
        let source = plan.commit.map { "Commit \(Markdown.code(String($0.prefix(12))))" } ?? "The working tree"
        let revision = plan.basis.revision == 0 ? "" : "revision \(plan.basis.revision)"
        let commit = plan.basis.commit.map { Markdown.code(String($0.prefix(12))) } ?? ""
        let basis = revision.isEmpty ? commit : commit.isEmpty ? revision : "\(revision) (\(commit))"
        let moved = plan.moves.isEmpty ? "" : ", \(plan.moves.count) in another file"
        let broken = plan.isPartial ? ", broken in part" : ""
        return "### Writ: \(counts.isEmpty ? "no changes" : counts.joined(separator: ", "))\(broken)\n\n"
            + "\(source) against \(basis.isEmpty ? "nothing" : basis); \(plan.unchanged) unchanged\(moved).\n"
    }

    /// Why it may not be applied, or not without a word.
    private func refusals(_ plan: Plan) -> String {
        let refusals = plan.refusals
        let hindrance = plan.hindrance.map { "\n**It would not be applied:** \(Markdown.code($0, limit: 500))\n" } ?? ""
        guard !refusals.isEmpty else { return hindrance }
        let shown = limit.fitting(
            DiagnosticsMarkdown.items(Array(refusals.prefix(Self.warningsShown))), in: limit.size / 8)
        let more = refusals.count - shown.count
        return hindrance + "\n**Will not be applied as it is:**\n\n" + shown.joined()
            + (more > 0 ? "- … and \(more) more\n" : "")
    }

    /// What is left as it is, because the commit is broken there.
    private func stale(_ plan: Plan) -> String {
        guard plan.isPartial else { return "" }
        let names = plan.stale.prefix(Self.namesShown).map { "- \(Markdown.code($0.summary))\n" }
        let more = plan.stale.count > Self.namesShown ? "- … and \(plan.stale.count - Self.namesShown) more\n" : ""
        let errors = plan.mistakes
        let shown = limit.fitting(
            DiagnosticsMarkdown.items(Array(errors.prefix(Self.warningsShown))), in: limit.size / 8)
        return "\n**Not applied, because it is broken:**\n\n" + shown.joined() + "\n" + names.joined() + more
    }

    private func deletions(_ plan: Plan) -> String {
        let deleted = plan.changes.filter { $0.action == .delete }.map(\.id.description)
        guard !deleted.isEmpty else { return "" }
        let names = deleted.prefix(Self.namesShown).map { Markdown.code($0) }.joined(separator: ", ")
        let more = deleted.count > Self.namesShown ? " and \(deleted.count - Self.namesShown) more" : ""
        return "\n**Deletes \(Markdown.count(deleted.count, "resource")):** \(names)\(more)\n"
    }

    private func warnings(_ plan: Plan) -> String {
        guard !plan.allWarnings.isEmpty else { return "" }
        let items = DiagnosticsMarkdown.items(Array(plan.allWarnings.prefix(Self.warningsShown)))
        let shown = limit.fitting(items, in: limit.size / 8)
        let more = plan.allWarnings.count - shown.count
        return "\n**\(Markdown.count(plan.allWarnings.count, "warning")):**\n\n" + shown.joined()
            + (more > 0 ? "- … and \(more) more\n" : "")
    }

    private func settings(_ plan: Plan) -> String {
        guard let settings = plan.settingsChange else { return "" }
        let lines = settings.fields.flatMap { FieldLines.lines($0) }
        let kept = limit.fitting(lines.map { displayed($0) + "\n" }, in: limit.size / 8).count
        let more = lines.count - kept
        let block = Markdown.block(lines.prefix(kept) + (more > 0 ? ["… \(more) more lines"] : []))
        return "\n**Settings (\(Markdown.code(settings.path))):**\n\n\(block)"
    }

    /// What becomes reachable is a risk and stands above the changes, the rest below them.
    private func impact(_ plan: Plan, isRisk: Bool) -> String {
        guard let impact = plan.impact, !plan.isEmpty else { return "" }
        let risks = impact.reach.isEmpty ? 0 : 1
        return text(of: Array(isRisk ? impact.sections.prefix(risks) : impact.sections.dropFirst(risks)))
    }

    private func text(of sections: [ImpactSection]) -> String {
        sections.map { section in
            let kept = limit.fitting(section.lines.map { displayed($0) + "\n" }, in: limit.size / 8).count
            let more = section.lines.count - kept
            let block = Markdown.block(section.lines.prefix(kept) + (more > 0 ? ["… \(more) more lines"] : []))
            return section.lines.count > 15
                ? "\n" + Markdown.folded("<b>\(section.title)</b>", block) : "\n#### \(section.title)\n\n" + block
        }.joined()
    }

    private func forecasts(_ plan: Plan) -> String {
        // An impact says more of the same.
        guard plan.impact == nil, !plan.forecasts.isEmpty else { return "" }
        let lines = plan.forecasts.prefix(Self.forecastsShown).map { forecast in
            "- \(Markdown.code("Trigger/\(forecast.trigger)")): \(Markdown.code(forecast.times.joined(separator: ", ")))\n"
        }
        let more = plan.forecasts.count - lines.count
        return "\n#### Fires next\n\n" + lines.joined() + (more > 0 ? "- … and \(more) more\n" : "")
    }

    private func changes(_ plan: Plan, _ budget: Int) -> String {
        guard !plan.isEmpty else { return "" }
        let isFolded = plan.changes.count > 12
        let sharedFiles = plan.impact?.sharedFiles ?? []
        let entries = plan.changes.map {
            PlanMarkdownEntry($0, isFolded: isFolded, sharedFiles: sharedFiles, limit)
        }
        let heading = "\n#### Changes\n"
        var left = budget - limit.size(of: heading)
        let shown = limit.fitting(entries.map(\.line), in: left).count
        left -= entries.prefix(shown).map { limit.size(of: $0.line) }.reduce(0, +)
        // The shortest first, so that as many as can be are whole.
        var isOpen = Set<Int>()
        var hidden = 0
        let costs = entries.prefix(shown).enumerated().compactMap { index, entry in
            entry.open.map { (index, limit.size(of: $0) - limit.size(of: entry.line)) }
        }
        for (index, cost) in costs.sorted(by: { ($0.1, $0.0) < ($1.1, $1.0) }) {
            if cost <= left {
                left -= cost
                isOpen.insert(index)
            } else {
                hidden += 1
            }
        }
        let texts = entries.prefix(shown).enumerated().map { index, entry in
            isOpen.contains(index) ? entry.open ?? entry.line : entry.line
        }
        let isCut = isOpen.contains { entries[$0].isCut }
        return heading + texts.joined() + note(plan.changes.count - shown, hidden, isCut)
    }

    private func note(_ changes: Int, _ hidden: Int, _ isCut: Bool) -> String {
        var parts: [String] = []
        if changes > 0 { parts.append("\(Markdown.count(changes, "more change"))") }
        if hidden > 0 { parts.append("the fields of \(Markdown.count(hidden, "change"))") }
        if isCut { parts.append("the ends of long differences") }
        guard !parts.isEmpty else { return "" }
        return "\n**Left out here:** \(parts.joined(separator: ", ")). "
            + "\(Markdown.code(command)) prints the whole plan.\n"
    }
}
