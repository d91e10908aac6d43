import Spec
import Values

/// Manifests that say which resource they are, by `renamedFrom`, under the name of another one that is in force. One plan
/// cannot do both: what is in force would become the other one, with its history, its place and what operators hold it to,
/// and the one that goes on would be deleted.
///
/// The line is new in this commit: while both are declared it is refused (`RenameCheck`).
enum TakenNames {
    /// - Parameter deleted: in force, and not declared
    static func problems(of declared: Catalog, applied: Catalog, deleted: [Resource]) -> [Diagnostic] {
        let gone = Set(deleted.map(\.id))
        guard !gone.isEmpty else { return [] }
        return declared.resources.compactMap { resource in
            guard let name = resource.renamedFrom, applied.contains(resource.id) else { return nil }
            let former = ResourceID(kind: resource.id.kind, name: name)
            guard gone.contains(former) else { return nil }
            return Diagnostic(
                .error, .renameConflict,
                "\(former) is to become \(resource.id), which is in force as another resource and would go on as this"
                    + " one",
                at: resource.place(of: JSONPointer(["metadata", "renamedFrom"])),
                fix: "delete \(resource.id) in a commit that is applied, and rename in a later one; or choose another"
                    + " name; if \(former) is to be deleted, remove the line")
        }
    }
}
