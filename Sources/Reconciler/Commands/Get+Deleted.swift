import Server
import Spec
import State
import Values

/// What `writ get --deleted` shows.
struct DeletedList {
    let output: OutputOptions

    func show(_ reader: StateReader, _ kind: KindName?, _ name: String?, _ page: Page) throws {
        // In the order of kinds and names, in which both together are the cursor.
        let all = try reader.tombstones(of: kind).filter { name == nil || $0.resource.id.name == name }
        if let kind, let name, all.isEmpty {
            throw CommandFailure("no \(kind) named \(quoted(name)) is deleted and kept")
        }
        let rest = all.filter { tombstone in page.before.map { tombstone.resource.id.description > $0 } ?? true }
        let shown = rest.prefix(page.limit)
        let next = rest.count > shown.count ? shown.last?.resource.id.description : nil
        if try output.isJSON { return output.print(Shapes.list(shown.map(Shapes.tombstone), next: next)) }
        if name != nil {
            return Terminal.result(shown.map { Shapes.tombstone($0).shownText }.joined(separator: "\n"))
        }
        var table = Table("RESOURCE", "DELETED", "BY REVISION", "KEPT UNTIL")
        for tombstone in shown {
            table.add(
                tombstone.resource.id.description, tombstone.deletedAt.rfc3339, String(tombstone.revision),
                tombstone.expiresAt.rfc3339)
        }
        Terminal.result(table.isEmpty ? "none" : table.text())
        if !shown.isEmpty { output.talk("bring one back: writ undo --resource KIND/NAME") }
        if let next { output.talk("\(rest.count - shown.count) more: --before \(next)") }
    }
}
