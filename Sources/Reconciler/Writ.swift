import Apply
import ArgumentParser
import Dispatch
import Logging
import Spec
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The command `writ`.
@main
struct Writ: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "writ",
        abstract: "Keeps a fleet of AI agents exactly as a git repository says.",
        discussion: """
            People edit YAML in pull requests; `writ plan` shows what would change, `writ apply` makes a commit the \
            truth, and `writ serve` runs what follows from it.
            """,
        version: BuildInfo.version,
        groupedSubcommands: groups)

    /// All commands, or only the one that is asked for: what the parser makes of the others takes longer than most of
    /// them run.
    private static var groups: [CommandGroup] {
        let commands = commands
        let asked = CommandLine.arguments.dropFirst().first
        let isKnown = commands.contains { $0.commands.contains { $0.configuration.commandName == asked } }
        return commands.compactMap { group in
            let wanted = group.commands.filter { !isKnown || $0.configuration.commandName == asked }
            return wanted.isEmpty ? nil : CommandGroup(name: group.name, subcommands: wanted)
        }
    }

    private static var commands: [(name: String, commands: [any ParsableCommand.Type])] {
        [
            ("Writing", [Initialize.self, Validate.self, PrintSchema.self, Next.self]),
            (
                "Changing",
                [
                    ShowPlan.self, Diff.self, ApplyCommit.self, UndoChange.self, SuspendResource.self,
                    ResumeResource.self,
                    OverrideFields.self,
                ]
            ),
            ("Running", [Serve.self, RunNow.self]),
            (
                "Looking",
                [
                    Status.self, Get.self, Describe.self, RunCommands.self, EventCommands.self, History.self, Why.self,
                    ShowBlame.self,
                ]
            ),
            ("Keeping", [Export.self, PrintBaseline.self, Backup.self, Restore.self, RunDoctor.self]),
        ]
    }

    /// Exit status: 0 fine, 1 error, 2 with `--detailed-exitcode` when there are changes.
    static func main() async {
        StandardStreams.fill()
        // A closed pipe (`writ get … | head`) is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        var report: FailureReport?
        do {
            // What a writ starts of itself needs no parser of arguments.
            switch Array(CommandLine.arguments.dropFirst()) {
            case [ReadSource.name]: return try ReadSource.run()
            case [FetchRemote.name]: return try FetchRemote.run()
            default: break
            }
            try checkName()
            prepare()
            var command = try parsed()
            report = Self.failureReport(of: command)
            try Environment.checkSwitches()
            // The two that work for long say themselves how much they log.
            if !(command is Serve), !(command is RunNow) { LogFormat.start(nil, level: .error) }
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            fail(error, report)
        }
    }

    /// What the commands that are run most need besides their arguments is made ready while these are read.
    private static func prepare() {
        guard let name = CommandLine.arguments.dropFirst().first, ["plan", "apply"].contains(name) else { return }
        DispatchQueue.global().async { Settings.prepare() }
    }

    /// The command that is asked for, read without the tree that it stands in, which takes the parser longer than most
    /// commands run. What is not taken so is read with the tree, to be told as it was typed.
    private static func parsed() throws -> sending any ParsableCommand {
        let arguments = CommandLine.arguments.dropFirst()
        let name = arguments.first
        for asked in commands.flatMap(\.commands) where asked.configuration.commandName == name {
            guard asked.configuration.subcommands.isEmpty,
                let command = try? asked.parseAsRoot(Array(arguments.dropFirst())), type(of: command) == asked
            else { break }
            return command
        }
        return try parseAsRoot()
    }

    /// The parser only says of a wrong command that it did not expect it.
    private static func checkName() throws(CommandFailure) {
        guard let asked = CommandLine.arguments.dropFirst().first, !asked.isEmpty, !asked.hasPrefix("-") else { return }
        let known = commands.flatMap { $0.commands.compactMap { $0.configuration.commandName } } + ["help"]
        guard !known.contains(asked) else { return }
        let near = nearestName(to: asked, among: known).map { "did you mean `writ \($0)`?" }
        throw CommandFailure("there is no command \(quoted(asked)): \(near ?? "`writ --help` lists them all")")
    }

    private static func failureReport(of command: any ParsableCommand) -> FailureReport? {
        (command as? any ReportingCommand)?.failureReport
    }

    /// What the parser says of wrong arguments, begun as all our errors are.
    private static func usage(_ message: String) -> String {
        let prefix = "Error: "
        guard message.hasPrefix(prefix) else { return "writ: error: \(message)" }
        return "writ: error: \(message.dropFirst(prefix.count))"
    }

    private static func fail(_ error: any Error, _ report: FailureReport?) -> Never {
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        if exitCode(for: error) == .success {
            print(fullMessage(for: error))
            Glibc.exit(0)
        }
        if let failure = CommandFailure(known: error) {
            // It may repeat arguments, and names that others wrote down: one line, whatever is in them.
            report?.show(failure)
            Terminal.talk("writ: error: \(displayed(failure.message))")
        } else {
            let said = message(for: error)
            Terminal.talk(usage(fullMessage(for: error).replacing(said, with: displayed(said))))
        }
        Glibc.exit(1)
    }
}
