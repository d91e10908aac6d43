import Values

/// Canonical manifests as somebody would write them in a repository: an included file is named, and no longer carried.
package struct ManifestWriter {
    /// The texts of included files, by their paths from the repository's root.
    package private(set) var files: [String: String] = [:]
    /// Files of which two resources carry different texts; only the first is in `files`.
    package private(set) var conflicts: Set<String> = []

    /// Whether files are named. Otherwise their texts stand in the manifest.
    private let namesFiles: Bool

    /// - Parameter namesFiles: whether `files` will lie beside the manifests
    package init(namesFiles: Bool) {
        self.namesFiles = namesFiles
    }

    /// - Parameter path: of the file in which the manifest will stand
    /// - Returns: YAML of one document, without `---`
    package mutating func write(_ resource: Resource, at path: String) -> String {
        var members = resource.manifest.object ?? [:]
        if let spec = members["spec"], let shape = KindCatalog[resource.id.kind]?.shape {
            members["spec"] = written(spec, shape, path)
        }
        return YAMLWriter.text(.object(members))
    }

    private mutating func written(_ value: JSON, _ shape: Shape, _ path: String) -> JSON {
        switch (shape, value) {
        case (.object(let object), .object) where object.name == IncludedFile.shapeName:
            return included(value, path) { ["file": .string($0)] }
        case (.text, .object):
            // A path whose content is part of the resource, such as a provider's transcripts.
            return included(value, path) { .string($0) }
        case (.object(let object), .object(let members)):
            return .object(
                JSONMembers(
                    members.map { key, member in
                        (key, object[field: key].map { written(member, $0.shape, path) } ?? member)
                    }))
        case (.map(let item), .object(let members)):
            return .object(members.mapValues { written($0, item, path) })
        case (.list(let item, _), .array(let items)):
            return .array(items.map { written($0, item, path) })
        case (.anyOf(let alternatives), _):
            guard let taken = alternatives.first(where: { $0.takes(value) }) else { return value }
            return written(value, taken, path)
        default:
            return value
        }
    }

    private mutating func included(_ value: JSON, _ path: String, _ form: (String) -> JSON) -> JSON {
        guard let file = value["file"]?.string, let text = value["text"]?.string else { return value }
        guard namesFiles else { return .string(text) }
        if let known = files[file], known != text {
            conflicts.insert(file)
            return .string(text)
        }
        files[file] = text
        return form(Self.relative(file, from: path))
    }

    /// `prompts/a.md` as seen from `agents/a.yaml`: `../prompts/a.md`
    static func relative(_ file: String, from manifest: String) -> String {
        let directory = manifest.split(separator: "/").dropLast()
        let names = file.split(separator: "/")
        let common = zip(directory, names.dropLast()).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: directory.count - common) + names.dropFirst(common).map(String.init))
            .joined(separator: "/")
    }
}
