import ArgumentParser
import Server
import State
import Values

/// `writ runs`: what ran, and what a person decides about it.
struct RunCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Show what ran, newest first; retry, cancel or discard one run.",
        subcommands: [ListRuns.self, RetryRun.self, CancelRun.self, DiscardRun.self],
        defaultSubcommand: ListRuns.self)
}

struct RetryRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Queue a run again that has ended, with one attempt more.",
        discussion: "It goes on with the revision that it began with.")

    @OptionGroup var change: RunChangeOptions

    @Flag(help: "Also where a tool with effects outside was called and nobody knows what came of it")
    var repeatEffects = false

    func run() async throws { try await change.perform(.retry, repeatingEffects: repeatEffects) }
}

struct CancelRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Take a run out of the queue, or away from its worker.")

    @OptionGroup var change: RunChangeOptions

    func run() async throws { try await change.perform(.cancel) }
}

struct DiscardRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard", abstract: "Put a run aside that nobody has to look at any more.")

    @OptionGroup var change: RunChangeOptions

    func run() async throws { try await change.perform(.discard) }
}

/// Which run, and where it is recorded.
struct RunChangeOptions: ParsableArguments {
    @Argument(help: "The id of the run: see `writ runs`.")
    var id: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func perform(_ operation: RunOperation, repeatingEffects: Bool = false) async throws {
        let path = try RecordedState.path(source, state)
        _ = try StateAccess.reader(at: path, toChangeBy: "writ runs \(operation.rawValue)")
        let actor = Actor.current
        try await StateChange.perform(at: path, command: "writ runs \(operation.rawValue)") { store in
            try store.perform(
                operation, on: id, repeatingEffects: repeatingEffects, actor: actor, at: SystemTime.now())
        } there: { client in
            try await client.perform(operation, on: id, repeatingEffects: repeatingEffects, actor: actor)
        }
        if try output.isJSON {
            output.print(["formatVersion": "1", "run": .string(id), "operation": .string(operation.rawValue)])
        } else {
            Terminal.result("\(id) \(operation == .retry ? "queued" : operation.past)")
        }
    }
}
