import Apply
import Spec
import Values

/// Diagnostics in the form that was asked for.
struct DiagnosticReport {
    let format: ReportFormat
    let paint: Paint
    let markdown: (MarkdownLimit) -> String

    /// - Parameter object: what `-o json` prints
    func show(_ diagnostics: [Diagnostic], object: JSON) {
        switch format {
        case .text: DiagnosticList(diagnostics).print(paint)
        case .json: Terminal.result(object.shownText)
        case .markdown: Terminal.result(markdown(.comment))
        case .sarif: Terminal.result(SARIF.log(diagnostics, version: BuildInfo.version).shownText)
        case .github:
            let problem = StepSummary.append(markdown)
            Terminal.result(
                WorkflowCommands.annotations(
                    diagnostics, notices: problem.map { ["the job summary is not written: \($0)"] } ?? []))
        }
    }
}
