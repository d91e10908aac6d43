import Values

/// Where the texts of a manifest stand, along its shape, so that free JSON that looks like an included file is none.
package struct TextPlaces: Sendable, Hashable {
    /// From the repository's root, by pointers into the manifest; nil for what stands in the manifest itself.
    package private(set) var files: [JSONPointer: String?] = [:]

    package init(of resource: Resource) {
        _ = Self.walk(resource) { pointer, text in
            files.updateValue(text.file, forKey: pointer)
            return nil
        }
    }

    /// The manifest with texts at other places; nil where none is to stand elsewhere.
    ///
    /// - Parameter places: new places, by pointers into the manifest
    package static func manifest(of resource: Resource, with places: [JSONPointer: String?]) -> JSON? {
        var isMoved = false
        let manifest = walk(resource) { pointer, text in
            guard case .some(let file) = places[pointer], file != text.file else { return nil }
            isMoved = true
            return file.map { IncludedFile(path: $0, text: text.text).json } ?? .string(text.text)
        }
        return isMoved ? manifest : nil
    }

    private static func walk(_ resource: Resource, _ visit: (JSONPointer, StandingText) -> JSON?) -> JSON {
        guard case .object(var manifest) = resource.manifest, let spec = manifest["spec"],
            let shape = KindCatalog[resource.id.kind]?.shape
        else { return resource.manifest }
        manifest["spec"] = walk(spec, shape, at: ["spec"], visit)
        return .object(manifest)
    }

    private static func walk(
        _ value: JSON, _ shape: Shape, at tokens: [String], _ visit: (JSONPointer, StandingText) -> JSON?
    ) -> JSON {
        if let text = StandingText(value, shape) { return visit(JSONPointer(tokens), text) ?? value }
        switch value {
        case .object(let members):
            return .object(
                JSONMembers(
                    members.map { key, member in
                        (key, walk(member, shape.shape(of: key, in: value), at: tokens + [key], visit))
                    }))
        case .array(let items):
            return .array(
                items.enumerated().map { index, item in
                    walk(item, shape.itemShape, at: tokens + [String(index)], visit)
                })
        default: return value
        }
    }
}

/// A text, and where it stands.
struct StandingText {
    let file: String?
    let text: String

    /// Nil for what is no text that may stand in a file.
    init?(_ value: JSON, _ shape: Shape) {
        guard shape.mayBeIncluded else { return nil }
        if let text = value.string {
            self.init(file: nil, text: text)
        } else if let members = value.object, members.count == 2, let file = members["file"]?.string,
            let text = members["text"]?.string
        {
            self.init(file: file, text: text)
        } else {
            return nil
        }
    }

    private init(file: String?, text: String) {
        self.file = file
        self.text = text
    }
}

extension Shape {
    func shape(of key: String, in value: JSON) -> Shape {
        switch self {
        case .object(let object): object[field: key]?.shape ?? .any
        case .map(let item): item
        case .anyOf(let alternatives):
            alternatives.first { $0.takes(value) }.map { $0.shape(of: key, in: value) } ?? .any
        default: .any
        }
    }

    var itemShape: Shape {
        switch self {
        case .list(let item, _): item
        case .anyOf(let alternatives): alternatives.first { $0.takes(.array([])) }.map(\.itemShape) ?? .any
        default: .any
        }
    }

    /// Whether the content of a file may stand there: a `Text`, or a path whose content goes with the resource. The body of
    /// a tool is a text or a mapping too, and its mapping no file.
    fileprivate var mayBeIncluded: Bool {
        switch self {
        case .object(let object): object.name == IncludedFile.shapeName
        case .anyOf(let alternatives):
            alternatives.contains { if case .object = $0 { $0.mayBeIncluded } else { false } }
        case .text: true
        default: false
        }
    }
}
