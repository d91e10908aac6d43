import Apply
import ArgumentParser
import Git
import Spec
import Values

struct Validate: ParsableCommand, ReportingCommand {
    static let word = "validate"
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Say everything that is wrong with the manifests, with place and fix.",
        discussion: "Reads the working tree, or a commit with --rev. Needs no state and no secrets.")

    @Argument(
        help: ArgumentHelp(
            "What to read: a repository, a directory in one, or any other; of a file, only its own problems.",
            valueName: "directory|file"))
    var directory: String?

    @OptionGroup var source: RepositoryOptions

    @Option(help: ArgumentHelp("Read this commit, branch or tag instead of the working tree", valueName: "rev"))
    var rev: String?

    @OptionGroup var output: ReportOptions

    var reportFormat: ReportFormat { get throws { try output.format } }

    func run() throws { try ReaderRetry.once(perform) }

    private func perform() throws {
        let format = try output.format
        let loaded = try output.working("Reading the manifests") { try load() }
        let problems = DiagnosticList(loaded.diagnostics).summary
        // One that is only included is a file too.
        let read = max(loaded.manifestFiles, 1)
        let files = read == 1 ? "1 file" : "\(read) files"
        let count = loaded.catalog.resources.count
        let resources = count == 1 ? "1 resource in \(files) is" : "\(count) resources in \(files) are"
        let verdict =
            loaded.isValid
            ? "\(resources) valid\(problems.map { ", with \($0)" } ?? "")" : problems ?? "not valid"
        let command = RepeatedCommand(
            ["writ", "validate"] + (directory.map { [$0] } ?? []), [("--rev", rev)], of: source)
        let report = DiagnosticReport(
            format: format, paint: output.paint,
            markdown: { limit in
                DiagnosticsMarkdown(word: "validate", path: source.directory, command: command.text, limit: limit)
                    .render(loaded.diagnostics, title: "Writ: \(verdict)")
            })
        report.show(
            loaded.diagnostics,
            object: [
                "formatVersion": "1", "valid": .bool(loaded.isValid),
                "diagnostics": .array(loaded.diagnostics.map(\.json)),
            ])
        if format == .text { output.talk("\(verdict).") }
        if format == .github { Terminal.result("\(verdict).") }
        if !loaded.isValid { throw ExitCode.failure }
    }

    private func load() throws -> LoadedCatalog {
        let place = directory ?? source.location
        var options = source
        if let directory { options.repo = directory }
        // Behind a URL there are commits alone.
        if let rev = try rev ?? (RemoteSource(options) == nil ? nil : "HEAD") {
            let configuration = try Configuration(options, quiet: output.isQuiet)
            return try configuration.load(try configuration.repository.resolve(rev)).advised(spread: .threads)
        }
        if let file = WorkingFile(place) { return try file.load(source) }
        return try WorkingSource.at(place, source).load().advised(spread: .threads)
    }
}
