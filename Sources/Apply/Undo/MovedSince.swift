import Spec
import State
import Values

extension Resource {
    /// What was before a change, with the texts that moved since at the places where they stand now, and itself at its own.
    /// Where the change itself put a text elsewhere, it goes back.
    ///
    /// - Parameter now: what is in force of it
    func standing(like now: Resource, since change: RevisionChange) -> Resource {
        let left = TextPlaces(of: self).files
        var moved: [JSONPointer: String?] = [:]
        for (pointer, file) in TextPlaces(of: now).files {
            guard let before = left[pointer], before != file, let after = change.place(of: pointer, before: before),
                after != file
            else { continue }
            moved.updateValue(file, forKey: pointer)
        }
        guard let manifest = TextPlaces.manifest(of: self, with: moved) else {
            return Resource(id: id, manifest: manifest, digest: digest, place: now.place, renamedFrom: renamedFrom)
        }
        return Resource(id: id, manifest: manifest, place: now.place, renamedFrom: renamedFrom)
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
