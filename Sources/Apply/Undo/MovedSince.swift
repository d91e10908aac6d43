import Spec
import State
import Values

extension Resource {
    /// What was before a change, with the texts that moved since at the places where they stand now, and itself at its own.
    /// What the change itself put elsewhere goes back: texts as it recorded them, and the manifest where nothing moved since,
    /// which is known of the last commit that was followed, or where the change moved a text along.
    ///
    /// - Parameters:
    ///   - now: what is in force of it
    ///   - isLast: whether no commit was followed after the change
    func standing(like now: Resource, since change: RevisionChange, isLast: Bool) -> Resource {
        let left = TextPlaces(of: self).files
        var moved: [JSONPointer: String?] = [:]
        var wasMoved = false
        for (pointer, file) in TextPlaces(of: now).files {
            guard let before = left[pointer], before != file, let after = change.place(of: pointer, before: before)
            else { continue }
            if after == file {
                wasMoved = wasMoved || before != nil && file != nil
            } else {
                moved.updateValue(file, forKey: pointer)
            }
        }
        let place = moved.isEmpty && (isLast || wasMoved) ? place : now.place
        guard let manifest = TextPlaces.manifest(of: self, with: moved) else {
            return Resource(id: id, manifest: manifest, digest: digest, place: place, renamedFrom: renamedFrom)
        }
        return Resource(id: id, manifest: manifest, place: place, renamedFrom: renamedFrom)
    }
}

extension RevisionChange {
    /// Where the change left a text; nil where that cannot be told.
    fileprivate func place(of text: JSONPointer, before: String?) -> String?? {
        for field in fields.array ?? [] {
            guard let path = field["path"]?.string else { return nil }
            let after = field["after"]
            if path == text.text {
                if after?.string != nil { return .some(nil) }
                return after?["file"]?.string.map { .some($0) }
            }
            if path == text.text + "/file" { return after?.string.map { .some($0) } }
            // The whole of what it stands in was changed.
            if text.text.hasPrefix(path + "/") { return nil }
        }
        return .some(before)
    }
}
