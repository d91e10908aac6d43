import Spec
import State
import Values

extension StateReader {
    /// The same changes with all their fields: those of what was created are its whole manifest, which is not recorded
    /// once more beside that. Of what was purged none are left.
    package func completed(_ changes: [RevisionChange]) throws(StateError) -> [RevisionChange] {
        var completed = changes
        for (place, change) in changes.enumerated() where change.action == .create && change.fields == [] {
            guard let created = try resource(change.id, at: change.revision) else { continue }
            completed[place].fields = .array(
                FieldDifference.between(nil, created.manifest, of: change.id.kind).map(\.json))
        }
        return completed
    }

    package func completed(_ page: PageOf<RevisionChange>) throws(StateError) -> PageOf<RevisionChange> {
        PageOf(items: try completed(page.items), next: page.next)
    }
}
