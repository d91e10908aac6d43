import Apply
import ArgumentParser
import Server
import Spec
import State
import Values

struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show the revisions, newest first; one with its changes, or those of one resource.")

    @Argument(help: ArgumentHelp("The number of a revision, or KIND/NAME.", valueName: "revision|kind/name"))
    var subject: String?

    @OptionGroup var list: ListOptions
    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try RecordedState.open(source, state).reader
        guard let subject else { return try show(try reader.revisions(try list.page)) }
        if let number = Int(subject) { return try show(number, reader) }
        let parts = subject.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw CommandFailure("\(quoted(subject)) is neither the number of a revision nor KIND/NAME")
        }
        let kind = try KindArgument.kind(String(parts[0]))
        let id = kind.id(String(parts[1]))
        let page = try reader.completed(try reader.changes(of: id, try list.page))
        if page.items.isEmpty, try list.page.before == nil {
            let names = try reader.appliedState().resources.filter { $0.id.kind == id.kind }.map(\.id.name)
            let near = nearestName(to: id.name, among: names).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure("no change of \(id) is recorded\(near)")
        }
        try show(page)
    }

    private func show(_ page: PageOf<Revision>) throws {
        if try output.isJSON { return output.print(Shapes.page(page) { Shapes.revision($0) }) }
        var table = Table("REVISION", "COMMIT", "APPLIED", "BY", "CREATE", "UPDATE", "REPLACE", "RENAME", "DELETE")
        for revision in page.items {
            func count(_ key: String) -> String { revision.summary[key]?.int.map(String.init) ?? "0" }
            table.add(
                String(revision.number), String(revision.commit.prefix(12)), revision.createdAt.rfc3339, by(revision),
                count("create"), count("update"), count("replace"), count("rename"), count("delete"))
        }
        Terminal.result(table.isEmpty ? "no revisions" : table.text())
        if let next = page.next { output.talk("more: --before \(next)") }
    }

    private func by(_ revision: Revision) -> String {
        revision.actor + (revision.undoes.map { ", undoing \($0)" } ?? "")
    }

    private func show(_ number: Int, _ reader: StateReader) throws {
        guard let revision = try reader.revision(number) else {
            throw CommandFailure("there is no revision \(number): see `writ history`")
        }
        let changes = try reader.completed(try reader.changes(of: number))
        if try output.isJSON { return output.print(Shapes.revision(revision, changes: changes)) }
        var table = Table("ACTION", "RESOURCE", "REASON")
        for change in changes { table.add(change.action.rawValue, change.id.description, change.reason) }
        Terminal.result(
            "Revision \(number), commit \(revision.commit), \(revision.createdAt.rfc3339), by \(by(revision))")
        Terminal.result(table.text())
    }

    private func show(_ page: PageOf<RevisionChange>) throws {
        if try output.isJSON { return output.print(Shapes.page(page, Shapes.change)) }
        var table = Table("REVISION", "ACTION", "REASON")
        for change in page.items { table.add(String(change.revision), change.action.rawValue, change.reason) }
        Terminal.result(table.isEmpty ? "no changes" : table.text())
        if let next = page.next { output.talk("more: --before \(next)") }
    }
}
