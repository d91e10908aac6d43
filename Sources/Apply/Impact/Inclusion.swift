import Spec
import Values

/// The files that a canonical manifest carries with it.
enum Inclusion {
    /// Free JSON, in which a mapping with these two keys is only a mapping.
    private static let free: Set<String> = ["body", "parameters", "schema", "inputs"]

    /// The text of each included file, by its path.
    static func texts(in resource: Resource) -> [String: String] {
        var found: [String: String] = [:]
        if let spec = resource.manifest["spec"] { collect(spec, into: &found) }
        return found
    }

    private static func collect(_ value: JSON, into found: inout [String: String]) {
        switch value {
        case .array(let items):
            for item in items { collect(item, into: &found) }
        case .object(let members):
            if members.count == 2, let path = value["file"]?.string, let text = value["text"]?.string {
                found[path] = text
                return
            }
            for (key, member) in members where !free.contains(key) { collect(member, into: &found) }
        case .null, .bool, .number, .string: return
        }
    }
}
