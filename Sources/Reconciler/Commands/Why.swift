import Apply
import ArgumentParser
import Git
import Server
import Spec
import State
import Values

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Show why a run did what it did: its event, trigger, agent, and the commits that made them so.")

    @Argument(help: ArgumentHelp("The id of a run.", valueName: "run"))
    var id: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try RecordedState.open(source, state).reader
        let commits = CommitBook(source)
        guard let cause = try RunCause(id, from: reader, ManifestHistory(commits.repository)) else {
            throw CommandFailure("there is no run \(quoted(id)): see `writ runs`")
        }
        if try output.isJSON {
            output.print(RunCauseJSON.json(cause, commits))
        } else {
            Terminal.result(RunCauseText.text(cause, commits))
            if let problem = commits.problem { output.talk("Authors are not known: \(problem)") }
        }
    }
}
