import ArgumentParser
import Server
import State
import Values

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a consistent copy of the state, also while `writ serve` runs.",
        discussion: "The copy is checked, is its owner's alone, and can be given as --state.")

    @Argument(help: "The copy: a file that is not there yet.")
    var file: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let recorded = try RecordedState.open(source, state)
        let bytes = try output.working("Copying") { try recorded.reader.backUp(to: file) }
        let revision = try StateReader.open(at: file)?.latestRevision()?.number ?? 0
        if try output.isJSON {
            output.print([
                "formatVersion": Shapes.formatVersion, "file": .string(file),
                "bytes": .number(JSONNumber(Int(bytes))), "revision": .number(JSONNumber(revision)),
            ])
        } else {
            Terminal.result("Wrote \(file): \(bytes) bytes, revision \(revision).")
        }
    }
}
