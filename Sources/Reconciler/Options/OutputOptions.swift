import Apply
import ArgumentParser
import Values

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// How results are written.
struct OutputOptions: ParsableArguments, OutputStyle {
    @Option(name: .shortAndLong, help: "text or json (WRIT_OUTPUT)")
    var output: OutputFormat?

    @OptionGroup var screen: ScreenOptions

    var isJSON: Bool {
        get throws {
            if let output { return output == .json }
            // The forms of reports mean nothing here, and are no mistake in the environment of a whole CI job.
            return try ReportFormat.ofEnvironment() == .json
        }
    }
}
