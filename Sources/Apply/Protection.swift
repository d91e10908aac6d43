import Spec
import Values

/// `metadata.protect` counts as it was applied: a commit that removes it and the resource at once does not get by.
enum Protection {
    static func problems(of changes: [PlannedChange]) -> [Diagnostic] {
        changes.compactMap { change in
            guard let before = change.before, before.isProtected else { return nil }
            switch change.action {
            case .create, .update, .replace: return nil
            case .delete:
                return problem("\(before.id) is protected and cannot be deleted", at: before.place)
            case .rename:
                let place = change.after?.place(of: JSONPointer(["metadata", "name"])) ?? before.place
                return problem("\(before.id) is protected and cannot be renamed to \(change.id.name)", at: place)
            }
        }
    }

    private static func problem(_ message: String, at place: Place) -> Diagnostic {
        Diagnostic(
            .error, .protected, message, at: place,
            fix: "keep it with `protect: false`, apply that, and take it away with a later commit")
    }
}
