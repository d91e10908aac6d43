import ArgumentParser
import Server
import State
import Values

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the place of the state.",
        discussion: """
            Nothing may be serving the state. The backup is checked first; what was there before, damaged or not, stays \
            beside it under another name with its log.
            """)

    @Argument(help: "What `writ backup` wrote.")
    var file: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let path = try RecordedState.path(source, state)
        let outcome = try output.working("Restoring") {
            try StateRestore(backup: file, to: path).run(command: "writ restore", now: SystemTime.now())
        }
        if try output.isJSON {
            var object: JSONMembers = [
                "formatVersion": Shapes.formatVersion, "file": .string(path),
                "bytes": .number(JSONNumber(Int(outcome.bytes))), "revision": .number(JSONNumber(outcome.revision)),
            ]
            object["kept"] = outcome.kept.map(JSON.string)
            output.print(.object(object))
        } else {
            Terminal.result("Restored \(path): \(outcome.bytes) bytes, revision \(outcome.revision).")
            if let kept = outcome.kept { Terminal.result("What was there before is \(kept).") }
        }
    }
}
