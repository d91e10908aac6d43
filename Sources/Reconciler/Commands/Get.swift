import ArgumentParser
import Server
import Spec
import State
import Values

struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show applied resources of a kind, or one of them.")

    @Argument(help: ArgumentHelp("A kind, singular or plural: agents; or KIND/NAME.", valueName: "kind|kind/name"))
    var kind: String?

    @Argument(help: "Its name; without it all of the kind, in the order of names.")
    var name: String?

    @Flag(help: "Show what was deleted and is not yet purged; without a kind, of all kinds")
    var deleted = false

    @OptionGroup var list: ListOptions
    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard kind != nil || deleted else { throw ValidationError("say what to get: a kind, or KIND/NAME") }
    }

    func run() throws {
        let subject = try kind.map(subject)
        let page = try list.page
        let recorded = try RecordedState.open(source, state)
        guard let (kind, name) = subject, !deleted else {
            return try DeletedList(output: output).show(recorded.reader, subject?.0.kindName, subject?.1, page)
        }
        let all = try recorded.reader.appliedState().resources.filter { $0.id.kind == kind.kindName }
            .sorted { $0.id < $1.id }
        if let name, !all.contains(where: { $0.id.name == name }) {
            let near = nearestName(to: name, among: all.map(\.id.name)).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure("there is no \(kind.kindName) named \(quoted(name)) in the applied revision\(near)")
        }
        // In the order of names, in which a name is its own cursor.
        let rest = all.filter { resource in
            name.map { resource.id.name == $0 } ?? page.before.map { resource.id.name > $0 } ?? true
        }
        let resources = rest.prefix(page.limit)
        let next = rest.count > resources.count ? resources.last?.id.name : nil
        let statuses = try ResourceStatusReader(recorded.reader, zones: SystemZones.database, now: SystemTime.now())
        let pairs = try resources.map { ($0, try statuses.status(of: $0)) }
        if try output.isJSON {
            output.print(Shapes.list(pairs.map { Shapes.resource($0.0, $0.1) }, next: next))
        } else if name != nil {
            Terminal.result(pairs.map { Shapes.resource($0.0, $0.1).shownText }.joined(separator: "\n"))
        } else {
            Terminal.result(table(pairs))
            if let next { output.talk("\(rest.count - resources.count) more: --before \(next)") }
        }
    }

    private func subject(_ kind: String) throws -> (any Kind.Type, String?) {
        let parts = kind.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return (try KindArgument.kind(kind), name) }
        guard name == nil, !parts[1].isEmpty else {
            throw CommandFailure("\(quoted(kind)): write KIND, KIND NAME or KIND/NAME")
        }
        return (try KindArgument.kind(parts[0]), parts[1])
    }

    private func table(_ pairs: [(AppliedResource, ResourceStatus)]) -> String {
        var table = Table("NAME", "STATUS", "LAST RUN", "REVISION", "PLACE")
        for (resource, status) in pairs {
            let last = status.lastRun.map { "\($0.state.rawValue) \($0.createdAt.rfc3339)" } ?? "-"
            let isStale = status[.stale]?.status == .isTrue
            table.add(
                resource.id.name, status.level.rawValue + (isStale ? ", stale" : ""), last,
                String(resource.sinceRevision),
                resource.place.description)
        }
        return table.isEmpty ? "none" : table.text()
    }
}
