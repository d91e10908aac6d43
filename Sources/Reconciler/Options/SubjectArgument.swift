import Spec
import State
import Values

/// KIND/NAME on the command line.
enum SubjectArgument {
    static func id(_ text: String) throws -> ResourceID {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let kind = parts.first, let name = parts.last, !name.isEmpty else {
            throw CommandFailure("\(quoted(text)) is not KIND/NAME, such as agent/market-brief")
        }
        return try KindArgument.kind(kind).id(name)
    }

    /// A resource that is in force, by the name that it has or had. Says what became of another one.
    static func resource(_ text: String, _ reader: StateReader) throws -> AppliedResource {
        let id = try id(text)
        let current = ResourceID(kind: id.kind, name: try reader.currentName(of: id))
        if let resource = try reader.resource(current) { return resource }
        if let last = try reader.changes(of: id, Page(limit: 1)).items.first, last.action == .delete {
            throw CommandFailure(
                "\(id) was deleted in revision \(last.revision): see `writ history \(id.kind.rawValue.lowercased())/\(id.name)`"
            )
        }
        let names = try reader.appliedState().resources.filter { $0.id.kind == id.kind }.map(\.id.name)
        let near = nearestName(to: id.name, among: names).map { "; did you mean \($0)?" } ?? ""
        throw CommandFailure("there is no \(id.kind) named \(quoted(id.name)) in the applied revision\(near)")
    }
}
