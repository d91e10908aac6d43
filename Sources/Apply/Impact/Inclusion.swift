import Spec
import Values

/// The files that a canonical manifest carries with it.
enum Inclusion {
    /// Free JSON, in which a mapping with these two keys is only a mapping.
    private static let free: Set<String> = ["body", "parameters", "schema", "inputs"]

    /// What a field includes.
    private struct Found {
        let field: JSONPointer
        let path: String
        let text: String
    }

    /// Each included file whose text is not what it was, once.
    static func edits(from before: Resource, to after: Resource) -> [FileEdit: (before: String, after: String)] {
        let old = found(in: before)
        var edits: [FileEdit: (before: String, after: String)] = [:]
        for inclusion in found(in: after) {
            // In the same file, else in the one that stood at its place.
            guard
                let earlier = old.first(where: { $0.path == inclusion.path })
                    ?? old.first(where: { $0.field == inclusion.field }), earlier.text != inclusion.text
            else { continue }
            edits[FileEdit(path: inclusion.path, former: earlier.path)] = (earlier.text, inclusion.text)
        }
        return edits
    }

    private static func found(in resource: Resource) -> [Found] {
        var found: [Found] = []
        if let spec = resource.manifest["spec"] { collect(spec, at: ["spec"], into: &found) }
        return found
    }

    private static func collect(_ value: JSON, at tokens: [String], into found: inout [Found]) {
        switch value {
        case .array(let items):
            for (index, item) in items.enumerated() { collect(item, at: tokens + [String(index)], into: &found) }
        case .object(let members):
            if members.count == 2, let path = value["file"]?.string, let text = value["text"]?.string {
                found.append(Found(field: JSONPointer(tokens), path: path, text: text))
                return
            }
            for (key, member) in members where !free.contains(key) {
                collect(member, at: tokens + [key], into: &found)
            }
        case .null, .bool, .number, .string: return
        }
    }
}

/// That the text of an included file changes, perhaps with the file that it stands in.
package struct FileEdit: Sendable, Hashable, Comparable {
    package let path: String
    /// Where it stood before: mostly in the same file.
    package let former: String

    package static func < (one: FileEdit, other: FileEdit) -> Bool {
        (one.path, one.former) < (other.path, other.former)
    }
}
