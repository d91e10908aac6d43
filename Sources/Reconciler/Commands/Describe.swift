import ArgumentParser
import Server
import Spec
import State
import Values

struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show all there is about one resource: spec, conditions, references both ways, runs, changes.")

    @Argument(help: ArgumentHelp("The resource: agent/market-brief.", valueName: "kind/name"))
    var subject: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try RecordedState.open(source, state).reader
        let resource = try SubjectArgument.resource(subject, reader)
        let description = try ResourceDescription(resource, reader, zones: SystemZones.database, now: SystemTime.now())
        if try output.isJSON {
            output.print(Shapes.description(description))
        } else {
            Terminal.result(DescriptionText.text(description))
        }
    }
}
