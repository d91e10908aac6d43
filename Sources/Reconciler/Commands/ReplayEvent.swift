import ArgumentParser
import Runtime
import Server
import Spec
import State
import Values

struct ReplayEvent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Take a recorded event in once more, as a new one.",
        discussion: """
            The triggers of the revision in force decide, not those of then. The new event names the old one in its \
            header writ-replay-of. Runs are done by `writ serve`.
            """)

    @Argument(help: "The id of the event: see `writ events`.")
    var id: String

    @Option(help: "Only this trigger (NAME or trigger/NAME), whether or not it would have matched")
    var to: String?

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let to = try trigger()
        let path = try RecordedState.path(source, state)
        _ = try StateAccess.reader(at: path, toChangeBy: "writ events replay")
        let (event, runs) = try await StateChange.perform(at: path, command: "writ events replay") { store in
            try Replays(
                store: store, catalogs: AppliedCatalog(store.reader, now: SystemTime.now),
                clock: SystemClock { SystemTime.now() }
            ).replay(id, to: to)
        } there: { client in
            try await client.replay(id, to: to)
        }
        if try output.isJSON {
            output.print([
                "formatVersion": "1", "event": .string(event), "runs": .array(runs.map(JSON.string)),
            ])
        } else {
            Terminal.result("\(event) \(runs.isEmpty ? "starts nothing" : runs.joined(separator: " "))")
        }
    }

    private func trigger() throws -> String? {
        guard let to, to.contains("/") else { return to }
        let id = try ResourceArgument.id(to)
        guard id.kind == .trigger else {
            throw CommandFailure("--to takes a trigger, and \(id) is none: write trigger/NAME or NAME")
        }
        return id.name
    }
}
