import Values

/// What a resource says in one place: a field's value, or a line of a longer text.
struct ContentPart: Hashable {
    /// Dotted, and `[]` for any place of a list: `spec.tools[].name`.
    let path: String
    let text: String

    /// Parts of one resource that count.
    static let limit = 500

    /// By what there is to read, so that prose says more about who a resource is than a usual number.
    var weight: Int { 4 + min(text.utf8.count, 200) }

    /// All but the name.
    static func parts(of manifest: JSON) -> Set<ContentPart> {
        var parts: Set<ContentPart> = []
        for part in ["metadata", "spec"] {
            if let value = manifest[part] { collect(value, part, &parts) }
        }
        return parts
    }

    private static func collect(_ value: JSON, _ path: String, _ parts: inout Set<ContentPart>) {
        guard parts.count < limit else { return }
        switch value {
        case .object(let members):
            for (key, member) in members where path != "metadata" || key != "name" {
                collect(member, "\(path).\(key)", &parts)
            }
        case .array(let values):
            for value in values { collect(value, "\(path)[]", &parts) }
        case .string(let text):
            for line in text.split(whereSeparator: \.isNewline) where parts.count < limit {
                parts.insert(ContentPart(path: path, text: String(line)))
            }
        default:
            parts.insert(ContentPart(path: path, text: value.canonicalText))
        }
    }
}

extension Collection<ContentPart> {
    var weight: Int { reduce(0) { $0 + $1.weight } }
}
