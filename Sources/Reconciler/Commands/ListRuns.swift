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

    @Option(help: "Only runs of this trigger")
    var trigger: String?

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
            Terminal.result(Shapes.run(detail).prettyText)
            return
        }
        let filter = RunFilter(state: wanted, agent: agent, trigger: trigger)
        let page = try reader.runs(try list.page, filter)
        if try output.isJSON {
            output.print(Shapes.page(page, Shapes.run))
            return
        }
        var table = Table("ID", "STATE", "TARGET", "TRIGGER", "CREATED", "TOKENS", "OUTPUT")
        for run in page.items {
            table.add(
                run.id, run.state.rawValue, run.target.agent ?? run.target.tool ?? "-", run.trigger ?? "-",
                run.createdAt.rfc3339, String(run.tokensIn &+ run.tokensOut),
                headline(run.output ?? run.error ?? run.reason ?? ""))
        }
        Terminal.result(table.isEmpty ? "no runs" : table.text())
        if let next = page.next { output.talk("more: --before \(next)") }
    }

    /// Where it is recorded, and which runs: `--state failed` asks for those that failed, too, unless there is a file of
    /// that name.
    private func wanted() throws -> (StateOptions, RunState?) {
        guard let runState else {
            guard let word = state.state.flatMap(RunState.init(rawValue:)),
                !FileManager.default.fileExists(atPath: word.rawValue)
            else { return (state, nil) }
            var place = state
            place.state = nil
            return (place, word)
        }
        if let wanted = RunState(rawValue: runState) { return (state, wanted) }
        let known = RunState.allCases.map(\.rawValue)
        throw CommandFailure("unknown state \(quoted(runState)) (known: \(known.joined(separator: ", ")))")
    }
}
