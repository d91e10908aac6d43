import ArgumentParser
import Server
import Spec
import State
import Values

struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show applied resources of a kind, or one of them.")

    @Argument(help: "A kind, singular or plural: agents.")
    var kind: String

    @Argument(help: "Its name; without it all of the kind.")
    var name: String?

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let kind = try KindArgument.kind(self.kind)
        let recorded = try RecordedState.open(source, state)
        let all = try recorded.reader.appliedState().resources.filter { $0.id.kind == kind.kindName }
        let resources = all.filter { name == nil || $0.id.name == name }
        if let name, resources.isEmpty {
            let near = nearestName(to: name, among: all.map(\.id.name)).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure("there is no \(kind.kindName) named \(quoted(name)) in the applied revision\(near)")
        }
        let statuses = try ResourceStatusReader(recorded.reader, zones: SystemZones.database, now: SystemTime.now())
        let pairs = try resources.map { ($0, try statuses.status(of: $0)) }
        if try output.isJSON {
            output.print(Shapes.list(pairs.map { Shapes.resource($0.0, $0.1) }))
        } else if name != nil {
            Terminal.result(pairs.map { Shapes.resource($0.0, $0.1).prettyText }.joined(separator: "\n"))
        } else {
            Terminal.result(table(pairs))
        }
    }

    private func table(_ pairs: [(AppliedResource, ResourceStatus)]) -> String {
        var table = Table("NAME", "STATUS", "LAST RUN", "REVISION", "PLACE")
        for (resource, status) in pairs {
            let last = status.lastRun.map { "\($0.state.rawValue) \($0.createdAt.rfc3339)" } ?? "-"
            table.add(
                resource.id.name, status.level.rawValue, last, String(resource.sinceRevision),
                resource.place.description)
        }
        return table.isEmpty ? "none" : table.text()
    }
}
