import ArgumentParser
import Server
import Spec
import State
import Values

struct ListEvents: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what arrived, newest first; one event with its payload.")

    @Argument(help: "The id of one event.")
    var id: String?

    @Option(help: "Only events of this name: pull_request.opened")
    var name: String?

    @Option(name: .customLong("source"), help: "Only events of such senders: github")
    var sender: String?

    @Option(help: "Only events that came in by this: trigger/triage, repository/site, schedule, manual")
    var endpoint: String?

    @OptionGroup var list: ListOptions
    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try RecordedState.open(source, state).reader
        if let id {
            guard let event = try reader.event(id) else {
                throw CommandFailure("there is no event \(quoted(id)): see `writ events`")
            }
            let runs = try reader.runs(Page(limit: 100), RunFilter(event: id)).items
            Terminal.result(try Shapes.event(event, runs: runs, reader.currentNames()).shownText)
            return
        }
        let page = try reader.events(try list.page, EventFilter(endpoint: endpoint, name: name, source: sender))
        if try output.isJSON {
            output.print(Shapes.page(page) { Shapes.event($0) })
            return
        }
        var table = Table("ID", "NAME", "SOURCE", "ENDPOINT", "RECEIVED", "BYTES")
        for event in page.items {
            table.add(
                event.id, event.name, event.source, event.currentEndpoint, event.receivedAt.rfc3339,
                String(event.payloadSize))
        }
        Terminal.result(table.isEmpty ? "no events" : table.text())
        if let next = page.next { output.talk("more: --before \(next)") }
    }
}
