import Apply
import Spec
import Values

/// A plan, or why there is none, in the form that was asked for.
struct PlanReport {
    let format: ReportFormat
    let isColored: Bool
    /// The directory of the manifests.
    let path: String
    /// The command that prints the whole plan.
    let command: String
    /// Whether new ways from triggers are errors.
    var refusesReach = false

    /// - Parameter texts: what is being written of it already
    func show(_ plan: Plan, _ texts: CreationTexts? = nil) {
        switch format {
        case .text: Terminal.result(plan.text(color: isColored, texts))
        case .json: Terminal.result(plan.json.shownText)
        case .markdown: Terminal.result(markdown(plan, .comment))
        case .sarif:
            Terminal.result(
                SARIF.log(
                    plan.hindranceDiagnostics + plan.annotations(refusesReach: refusesReach),
                    version: BuildInfo.version
                ).shownText)
        case .github:
            let problem = StepSummary.append { markdown(plan, $0) }
            Terminal.result(WorkflowCommands.group("Plan", PlanText.render(plan, color: false)))
            Terminal.result(WorkflowCommands.annotations(plan, refusesReach: refusesReach, noSummary: problem))
        }
    }

    /// What is wrong with a commit that cannot be planned; the text's last line is the caller's.
    ///
    /// - Parameter object: what `-o json` prints
    func show(_ diagnostics: [Diagnostic], commit: String, object: JSON) {
        let list = DiagnosticList(diagnostics)
        let title = "Writ: commit `\(commit.prefix(12))` cannot be planned: \(list.summary ?? "")"
        let report = DiagnosticReport(
            format: format, paint: Paint(isOn: isColored),
            markdown: { limit in
                DiagnosticsMarkdown(word: "plan", path: path, command: command, limit: limit)
                    .render(diagnostics, title: title)
            })
        report.show(diagnostics, object: object)
    }

    private func markdown(_ plan: Plan, _ limit: MarkdownLimit) -> String {
        PlanMarkdown(path: path, command: command, limit: limit).render(plan)
    }
}
