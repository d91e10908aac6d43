import ArgumentParser

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

/// A command whose result may be annotations.
protocol ReportingCommand {
    var output: ReportOptions { get }
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
