import ArgumentParser
import Spec
import State
import Values

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what is in force as YAML.",
        discussion: """
            Into a directory: the files of a repository, manifests where they stood and the files that they include, \
            which plan as no change. Without one: a stream of documents with the included texts in them, without \
            transcripts.
            """)

    private static let alteredShown = 10

    @Argument(help: ArgumentHelp("An empty or new directory; standard output without it", valueName: "dir"))
    var directory: String?

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let recorded = try RecordedState.open(source, state)
        let applied = try recorded.reader.appliedState()
        let altered = try recorded.reader.alteredNames()
        defer {
            // What somebody made of it would become what is declared.
            for id in altered.prefix(Self.alteredShown) {
                output.talk(
                    "\(id) was altered behind writ's back, and is written as it is recorded now: see `writ plan`.")
            }
            if altered.count > Self.alteredShown {
                output.talk("So were \(altered.count - Self.alteredShown) more.")
            }
        }
        guard let directory else {
            guard try !output.isJSON else {
                throw CommandFailure("export writes YAML; `writ get KIND -o json` is JSON")
            }
            return Terminal.result(ExportedFiles.stream(applied))
        }
        let exported = try ExportedFiles(applied)
        try exported.write(to: directory)
        if try output.isJSON {
            output.print(exported.json(directory, altered: altered))
        } else {
            Terminal.result(
                "Wrote \(exported.count) resources of revision \(exported.revision) in \(exported.files.count) files to \(directory)."
            )
        }
        for file in exported.conflicts {
            output.talk(
                "\(displayedPath(file)) has several contents in force; all but the first stand in their manifests.")
        }
    }

    private func displayedPath(_ path: String) -> String { quoted(path) }
}
