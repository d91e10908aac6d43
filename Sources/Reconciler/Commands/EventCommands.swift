import ArgumentParser

/// `writ events`: what arrived, once more, and what would become of something that has not arrived.
struct EventCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what arrived, newest first; replay an event, or try one out.",
        subcommands: [ListEvents.self, ReplayEvent.self, TryEvent.self], defaultSubcommand: ListEvents.self)
}
