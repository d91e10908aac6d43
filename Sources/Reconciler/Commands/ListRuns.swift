import ArgumentParser
import Foundation
import Server
import Spec
import State
import Values

struct ListRuns: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what ran, newest first; one run with its steps.")

    @Argument(help: "The id of one run.")
    var id: String?

    @Option(name: .customLong("status"), help: "Only runs in this state: failed (so does --state failed)")
    var runState: String?

    @Option(help: "Only runs of this agent")
    var agent: String?

    @Option(help: "Only runs of this tool, which a trigger started")
    var tool: String?

    @Option(help: "Only runs of this trigger")
    var trigger: String?

    @Option(help: ArgumentHelp("Only runs that this event started", valueName: "id"))
    var event: String?

    @OptionGroup var list: ListOptions
    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let (state, wanted) = try wanted()
        let reader = try RecordedState.open(source, state).reader
        if let id {
            guard let detail = try RunDetail(id, from: reader) else {
                throw CommandFailure("there is no run \(quoted(id)): see `writ runs`")
            }
            Terminal.result(Shapes.run(detail).shownText)
            return
        }
        let filter = RunFilter(state: wanted, agent: agent, tool: tool, trigger: trigger, event: event)
        let page = try reader.runs(try list.page, filter)
        if page.items.isEmpty { try checkNames(reader) }
        // As they are called now, by which lists are asked for: others may have the former names.
        let names = try reader.currentNames()
        if try output.isJSON {
            output.print(Shapes.page(page) { Shapes.run($0, names) })
            return
        }
        var table = Table("ID", "STATE", "TARGET", "TRIGGER", "CREATED", "TOKENS", "OUTPUT")
        for run in page.items {
            table.add(
                run.id, run.state.rawValue, run.targetName(by: names), run.triggerName(by: names) ?? "-",
                run.createdAt.rfc3339, String(run.tokensIn &+ run.tokensOut),
                headline(run.said, run.missed > 1 ? 120 : 60))
        }
        Terminal.result(table.isEmpty ? "no runs" : table.text())
        if let next = page.next { output.talk("more: --before \(next)") }
    }

    /// Where it is recorded, and which runs: `--state failed` asks for those that failed, too, unless there is a file of
    /// that name.
    private func wanted() throws -> (StateOptions, RunState?) {
        guard let runState else {
            guard let text = state.state, !FileManager.default.fileExists(atPath: text) else { return (state, nil) }
            guard let word = RunState(rawValue: text) else {
                // A state file has a directory or an ending in its name.
                guard text.allSatisfy(\.isLetter) else { return (state, nil) }
                throw CommandFailure(Self.unknown(text) + ", and there is no state file of this name")
            }
            var place = state
            place.state = nil
            return (place, word)
        }
        if let wanted = RunState(rawValue: runState) { return (state, wanted) }
        throw CommandFailure(Self.unknown(runState))
    }

    private static func unknown(_ state: String) -> String {
        let known = RunState.allCases.map(\.rawValue)
        let near = nearestName(to: state, among: known).map { ": did you mean `\($0)`?" } ?? ""
        return "\(quoted(state)) is no state of a run\(near) (known: \(known.joined(separator: ", ")))"
    }

    /// Of what is not there nothing ran: more often a name is misspelt.
    private func checkNames(_ reader: StateReader) throws {
        guard list.before == nil, try reader.latestRevision() != nil else { return }
        if let trigger { _ = try SubjectArgument.resource("trigger/\(trigger)", reader) }
        if let agent { _ = try SubjectArgument.resource("agent/\(agent)", reader) }
        if let tool { _ = try SubjectArgument.resource("tool/\(tool)", reader) }
        if let event, try reader.event(event) == nil {
            throw CommandFailure("there is no event \(quoted(event)): see `writ events`")
        }
    }
}
