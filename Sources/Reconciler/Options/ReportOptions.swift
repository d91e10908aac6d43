import Apply
import ArgumentParser
import Spec
import Values

/// The forms of what is said about a commit.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    /// One comment on a pull request.
    case markdown
    /// Annotations and a job summary of GitHub Actions.
    case github
    /// Diagnostics for code scanning.
    case sarif

    /// Text where `WRIT_OUTPUT` is not set.
    static func ofEnvironment() throws -> ReportFormat {
        guard let text = Environment["WRIT_OUTPUT"] else { return .text }
        guard let format = ReportFormat(rawValue: text) else {
            let known = allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure("WRIT_OUTPUT is \(text); write one of \(known)")
        }
        return format
    }
}

/// A command whose result may be annotations, or a comment.
protocol ReportingCommand {
    /// Of the comment's hidden marker.
    static var word: String { get }
    var source: RepositoryOptions { get }
    var reportFormat: ReportFormat { get throws }
}

extension ReportingCommand {
    var failureReport: FailureReport {
        FailureReport(format: try? reportFormat, word: Self.word, directory: source.directory)
    }
}

/// Tells, in the form that was asked for, that there is no result: a comment on an earlier one must not stay, and who reads
/// an object must not read nothing.
struct FailureReport: Sendable {
    fileprivate let format: ReportFormat?
    fileprivate let word: String
    fileprivate let directory: String

    func show(_ failure: CommandFailure) {
        let message = displayed(failure.message)
        switch format {
        case .github: Terminal.result(WorkflowCommands.command(.error, message, title: "writ"))
        case .markdown:
            Terminal.result(
                DiagnosticsMarkdown(word: word, path: directory, command: "writ", limit: .comment)
                    .render(failure: message))
        case .json where !Terminal.hasResult: Terminal.result(object(failure, message).shownText)
        case .sarif where !Terminal.hasResult:
            Terminal.result(SARIF.failure(message, failure.code, version: BuildInfo.version).shownText)
        case .text, .json, .sarif, nil: return
        }
    }
}

extension FailureReport {
    /// Without a place: it is about none.
    private func object(_ failure: CommandFailure, _ message: String) -> JSON {
        let problem: JSON = [
            "severity": "error", "code": .string(failure.code.rawValue), "message": .string(message),
        ]
        guard word != Validate.word else { return ["formatVersion": "1", "valid": false, "diagnostics": [problem]] }
        var object: JSONMembers = ["formatVersion": "1", "changes": [], "warnings": [], "diagnostics": [problem]]
        if let commit = failure.commit {
            object["commit"] = .string(commit)
            object["applied"] = false
        }
        object["basis"] = failure.basis?.json
        return .object(object)
    }
}

/// How `validate`, `plan` and `diff` write their results.
struct ReportOptions: ParsableArguments, OutputStyle {
    @Option(
        name: .shortAndLong,
        help: "text, json, markdown (one comment), github (annotations and job summary) or sarif (WRIT_OUTPUT)")
    var output: ReportFormat?

    @OptionGroup var screen: ScreenOptions

    var format: ReportFormat {
        get throws { try output ?? ReportFormat.ofEnvironment() }
    }
}
