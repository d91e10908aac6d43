import ArgumentParser
import Runtime
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
        discussion: """
            It goes on with the revision that it began with. Of a skipped run that stands for several missed instants, each \
            that is retried becomes a run of its own, and the rest stays recorded as skipped. Under concurrencyPolicy Forbid \
            and Replace these run one after another, the oldest first. What comes due meanwhile is skipped under Forbid, and \
            under Replace it runs after them and cancels none of them; with catchUp all, it waits under both.
            """)

    @OptionGroup var change: RunChangeOptions

    @Flag(help: "Also where a tool with effects outside was called and nobody knows what came of it")
    var repeatEffects = false

    @Option(
        help: ArgumentHelp(
            """
            Of a run that stands for several missed instants, or of other skipped runs of its trigger: the one to run, RFC 3339; \
            more than once for more
            """,
            valueName: "instant"))
    var instant: [String] = []

    @Flag(help: "Of a run that stands for several missed instants: each of them, of very many the oldest 1,000")
    var all = false

    func validate() throws {
        if all, !instant.isEmpty { throw ValidationError("--all is each instant: leave --instant or --all out") }
    }

    func run() async throws {
        let instants = try instants()
        try await change.perform(.retry) { store, id, actor in
            try RunRetries(store: store, zones: SystemZones.database).retry(
                id, instants, repeatingEffects: repeatEffects, actor: actor, at: SystemTime.now())
        } there: { client, id, actor in
            try await client.retry(id, instants, repeatingEffects: repeatEffects, actor: actor)
        }
    }

    private func instants() throws -> RetriedInstants {
        if all { return .all }
        if instant.isEmpty { return .unsaid }
        return .only(
            Set(
                try instant.map { text in
                    guard let instant = Instant(rfc3339: text) else {
                        throw CommandFailure("--instant \(text): write 2026-01-31T09:00:00Z")
                    }
                    return instant
                }))
    }
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

    func perform(_ operation: RunOperation) async throws {
        try await perform(operation) { store, id, actor in
            try store.perform(operation, on: id, actor: actor, at: SystemTime.now())
            return RetriedRuns([OperatedRun(id)])
        } there: { client, id, actor in
            try await client.perform(operation, on: id, actor: actor)
            return RetriedRuns([OperatedRun(id)])
        }
    }

    /// - Parameter here: does it to the run of this id, by this actor, and returns the runs that it was done to
    func perform(
        _ operation: RunOperation, here: (StateStore, String, String) throws -> RetriedRuns,
        there: (ControlClient, String, String) async throws -> RetriedRuns
    ) async throws {
        let path = try RecordedState.path(source, state)
        _ = try StateAccess.reader(at: path, toChangeBy: "writ runs \(operation.rawValue)")
        let actor = Actor.current
        let done = try await StateChange.perform(at: path, command: "writ runs \(operation.rawValue)") { store in
            try here(store, id, actor)
        } there: { client in
            try await there(client, id, actor)
        }
        if try output.isJSON {
            var members = Shapes.operated(id, done)
            members["formatVersion"] = "1"
            members["operation"] = .string(operation.rawValue)
            output.print(.object(members))
        } else {
            for run in done.runs {
                let instant = run.scheduledAt.map { " for \($0.rfc3339)" } ?? ""
                Terminal.result("\(run.id) \(operation == .retry ? "queued" : operation.past)\(instant)")
            }
            if done.left > 0 {
                Terminal.result("\(done.left) instants are left: `writ runs retry \(id) --all` again takes more")
            }
        }
    }
}
