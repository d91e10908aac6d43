import Apply
import ArgumentParser
import Server
import State
import Values

struct OverrideFields: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override", abstract: "Lower limits of a resource by hand, whatever is applied; list what is.",
        discussion: """
            For agents the fields of spec.limits, for tools and providers the timeout, for providers the concurrency, \
            for triggers spec.retry.maxAttempts. An override only makes stricter, survives every apply, is shown in \
            every plan, and ends by itself at --until. Without arguments: all that hold.
            """)

    @Argument(help: ArgumentHelp("The resource: agent/market-brief", valueName: "kind/name"))
    var resource: String?

    @Argument(help: ArgumentHelp("spec.limits.concurrency=2; with --end the field alone", valueName: "field=value"))
    var fields: [String] = []

    @Flag(help: "Let the fields go; all of the resource's where none is named")
    var end = false

    @OptionGroup var override: OverrideOptions
    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let change = OverrideChange(source: source, state: state, output: output, command: "writ override")
        guard let resource else {
            let reader = try RecordedState.open(source, state).reader
            return try change.show(Shapes.list(try reader.overrides(at: SystemTime.now()).map(\.json)))
        }
        let id = try ResourceArgument.id(resource)
        guard end else {
            return try await change.set(
                try override.request(id, fields) { try RecordedState.open(source, state).reader })
        }
        guard !fields.isEmpty else { return try await change.end(id, nil) }
        for field in fields { try await change.end(id, field) }
    }
}

struct SuspendResource: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Stop a trigger, an agent or a tool by hand, whatever is applied.",
        discussion: """
            Instants of a suspended trigger become skipped runs, its events start nothing. Of a suspended agent nothing \
            more begins; runs that are queued wait. What runs already goes on.
            """)

    @Argument(help: ArgumentHelp("trigger/every-morning, agent/market-brief", valueName: "kind/name"))
    var resource: String

    @OptionGroup var override: OverrideOptions
    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let request = try override.request(try ResourceArgument.id(resource), ["spec.suspend=true"]) {
            try RecordedState.open(source, state).reader
        }
        try await OverrideChange(source: source, state: state, output: output, command: "writ suspend").set(request)
    }
}

struct ResumeResource: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let go on what was suspended by hand.")

    @Argument(help: ArgumentHelp("trigger/every-morning, agent/market-brief", valueName: "kind/name"))
    var resource: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await OverrideChange(source: source, state: state, output: output, command: "writ resume")
            .end(try ResourceArgument.id(resource), "spec.suspend")
    }
}
