import Spec
import Values

/// What a created resource says, a line for each field, read while its manifest is walked: a first plan of a large
/// repository is little else.
struct CreationLines {
    struct Line {
        /// Where its label stands in `labels`.
        let label: Range<Int>
        let value: JSON
        let isSensitive: Bool
    }

    private(set) var lines: [Line] = []
    /// Printable ASCII.
    private(set) var labels: [UInt8] = []
    /// Of the longest label.
    private(set) var width = 0
    private var path: [UInt8] = []

    /// Nil where that takes more: keys that have to be escaped, or are places and not in the order of their bytes.
    ///
    /// - Parameter shape: of the spec; nil where none of its fields has to be hidden
    init?(_ resource: Resource, _ shape: Shape?) {
        guard add("metadata", of: resource, nil), add("spec", of: resource, shape) else { return nil }
    }

    private mutating func add(_ part: String, of resource: Resource, _ shape: Shape?) -> Bool {
        guard let value = resource.manifest[part] else { return true }
        // A spec of nothing but defaults says nothing.
        if part == "spec", value.object?.isEmpty == true { return true }
        path = Array(part.utf8)
        return add(value, shape, isSensitive: false)
    }

    private mutating func add(_ value: JSON, _ shape: Shape?, isSensitive: Bool) -> Bool {
        guard case .object(let members) = value, !members.isEmpty else {
            // The name stands above the fields.
            if path.count == Self.nameLength, path.elementsEqual("metadata.name".utf8) { return true }
            let begin = labels.count
            labels += path
            lines.append(Line(label: begin..<labels.count, value: value, isSensitive: isSensitive))
            width = max(width, path.count)
            return true
        }
        let object = shape.flatMap { $0.taking(value) }
        let length = path.count
        for (key, member) in members {
            guard Self.isPlain(key) else { return false }
            path.append(UInt8(ascii: "."))
            path.append(contentsOf: key.utf8)
            let (inner, isHidden) = object?.shape(of: key) ?? (nil, false)
            guard add(member, inner, isSensitive: isSensitive || isHidden) else { return false }
            path.removeSubrange(length...)
        }
        return true
    }

    private static let nameLength = "metadata.name".utf8.count

    private static func isPlain(_ key: String) -> Bool {
        guard let first = key.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return key.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    }
}

extension Shape {
    /// Of alternatives, the one that a mapping is.
    fileprivate func taking(_ value: JSON) -> Shape? {
        switch self {
        case .object, .map: self
        case .anyOf(let alternatives): alternatives.first { $0.takes(value) }?.taking(value)
        default: nil
        }
    }

    /// Of a member of a mapping, its shape, and whether it must not be shown.
    fileprivate func shape(of key: String) -> (Shape?, Bool) {
        switch self {
        case .object(let object): object.member(key).map { ($0.shape, $0.isSensitive) } ?? (nil, false)
        case .map(let item): (item, false)
        default: (nil, false)
        }
    }
}
