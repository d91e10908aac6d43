import Apply
import ArgumentParser

enum ApplyFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    /// Annotations of GitHub Actions, in which no line of the repository is read as a command.
    case github
}

/// How `apply` writes what it did.
struct ApplyOutputOptions: ParsableArguments, OutputStyle {
    @Option(name: .shortAndLong, help: "text, json or github (annotations of GitHub Actions) (WRIT_OUTPUT)")
    var output: ApplyFormat?

    @OptionGroup var screen: ScreenOptions

    var format: ApplyFormat {
        get throws {
            if let output { return output }
            // The other forms of reports are none of these, and no mistake in the environment of a whole CI job.
            return ApplyFormat(rawValue: try ReportFormat.ofEnvironment().rawValue) ?? .text
        }
    }

    var isJSON: Bool {
        get throws { try format == .json }
    }
}
