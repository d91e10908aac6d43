import Spec
import State
import Values

/// `metadata.protect` counts as it was applied: a commit that removes it and the resource at once does not get by.
enum Protection {
    static func problems(of changes: [PlannedChange]) -> [Diagnostic] {
        changes.compactMap { change in
            guard let before = change.before, before.isProtected else { return nil }
            switch change.action {
            case .create, .update: return nil
            case .replace:
                let place = change.after?.place(of: JSONPointer(["metadata", "name"])) ?? before.place
                return problem(
                    "\(before.id) is protected and cannot become another thing under the same name", at: place)
            case .delete:
                return problem("\(before.id) is protected and cannot be deleted", at: before.place)
            case .rename:
                let place = change.after?.place(of: JSONPointer(["metadata", "name"])) ?? before.place
                return problem("\(before.id) is protected and cannot be renamed to \(change.id.name)", at: place)
            }
        }
    }

    /// Of what was altered behind Writ's back nobody knows whether it was protected: it counts as if it were.
    ///
    /// - Parameter commit: that is in force
    static func problems(
        of changes: [PlannedChange], altered: Set<ResourceID>, inForce commit: String?
    ) -> [Diagnostic] {
        changes.compactMap { change in
            guard let before = change.before, altered.contains(before.id), !before.isProtected else { return nil }
            let what: String
            switch change.action {
            case .create, .update: return nil
            case .delete: what = "deleted"
            case .rename: what = "renamed to \(change.id.name)"
            case .replace: what = "made another thing under the same name"
            }
            return Diagnostic(
                .error, .protected,
                "\(before.id) was altered behind writ's back: it counts as protected and cannot be \(what)",
                at: before.place, fix: putBack(commit))
        }
    }

    /// Of what somebody took out of force behind Writ's back and no commit declares any more: a hand in the state is no
    /// way around a protection.
    static func problems(
        of misplaced: [MisplacedResource], declared: Catalog, inForce commit: String?
    ) -> [Diagnostic] {
        misplaced.filter { $0.isProtected && declared[$0.id] == nil }.map { gone in
            Diagnostic(
                .error, .protected,
                "\(gone.id) is protected, was taken out of force behind writ's back, and cannot be deleted",
                at: gone.place ?? Place(path: Settings.fileName, mark: .start), fix: putBack(commit))
        }
    }

    private static func putBack(_ commit: String?) -> String {
        let command = "writ apply --rev \(commit.map { String($0.prefix(12)) } ?? "COMMIT")"
        return "apply the commit that is in force once more, which puts it back (`\(command)`)"
    }

    private static func problem(_ message: String, at place: Place) -> Diagnostic {
        Diagnostic(
            .error, .protected, message, at: place,
            fix: "keep it with `protect: false`, apply that, and take it away with a later commit")
    }
}
