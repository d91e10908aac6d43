import Values

/// Reads one YAML document as a manifest.
struct ManifestDocument {
    /// Known even where the rest is wrong, so that one mistake does not make others out of every reference to it.
    let declared: ResourceID?
    /// Where the name stands.
    let nameMark: Mark
    /// Of it the same: known where it can be a name.
    let renamedFrom: String?
    /// Nil where anything is wrong with it.
    let resource: Resource?
    let references: [NamedReference]
    let diagnostics: [Diagnostic]

    static let apiVersion = "writ/v1"

    init(_ document: Node, path: String, surroundings: any ManifestSurroundings) {
        let reading = ManifestReading(path: path, source: .repository(surroundings))
        let envelope = Envelope(document, reading)
        self.declared = envelope.id
        self.nameMark = document["metadata"]?["name"]?.mark ?? document.mark
        let former = document["metadata"]?["renamedFrom"]?.scalarText
        self.renamedFrom = former.flatMap { ResourceName.problem(in: $0) == nil ? $0 : nil }
        let resource = envelope.resource.map {
            Resource(
                id: $0.id, manifest: $0.manifest, place: Place(path: path, mark: document.mark), places: reading.places,
                // An instruction, and so not in the canonical metadata.
                renamedFrom: former)
        }
        // Also where something else is wrong: what was pushed has to be changed at once.
        let secrets =
            resource.map(PlaintextSecrets.diagnostics)
            ?? PlaintextSecrets.diagnostics(
                ofBroken: document, path: path, surroundings, besides: reading.diagnostics)
        self.resource = secrets.hasErrors ? nil : resource
        self.references = reading.references
        self.diagnostics = reading.diagnostics + secrets
    }

    /// What can be read of a document that is not sound.
    static func salvage(of document: Node, path: String, _ surroundings: any ManifestSurroundings) -> Salvage {
        let reading = ManifestReading(path: path, source: .repository(surroundings), salvages: true)
        _ = Envelope(document, reading)
        return reading.salvage ?? Salvage()
    }
}

/// The four fields around every spec.
private struct Envelope {
    var id: ResourceID?
    var resource: (id: ResourceID, manifest: JSON)?

    private static let fields = ["apiVersion", "kind", "metadata", "spec"]

    init(_ document: Node, _ reading: ManifestReading) {
        guard case .mapping(let entries) = document.content else {
            reading.report(
                .wrongType, "expected a manifest, found \(document.typeName)", document,
                fix: "a manifest has apiVersion, kind, metadata and spec")
            return
        }
        if reading.path.hasSuffix("/\(Settings.fileName)"), !entries.contains(where: { Self.fields.contains($0.key) }) {
            let directory = reading.path.dropLast(Settings.fileName.count + 1)
            reading.report(
                .settings, "\(Settings.fileName) counts only at the configured root, and this one is below it",
                document,
                fix: "give `--path \(directory)` if that is the root, else remove it")
            return
        }
        if let name = Self.misspelledSettings(reading.path), !entries.contains(where: { Self.fields.contains($0.key) })
        {
            reading.report(
                .settings,
                "this is no manifest, and settings are read from `\(Settings.fileName)` alone, not from \(quoted(name))",
                document, fix: "rename it to \(Settings.fileName)")
            return
        }
        var isSound = true
        for entry in entries where !Self.fields.contains(entry.key) {
            let near = nearestName(to: entry.key, among: Self.fields)
            reading.report(
                .unknownField, "unknown field \(quoted(entry.key))", at: entry.keyMark,
                fix: near.map { "did you mean `\($0)`?" } ?? "known here: \(Self.fields.joined(separator: ", "))")
            isSound = false
        }
        if !Self.checkVersion(document, reading) { isSound = false }
        let kind = Self.kind(document, reading)
        let metadata = Self.read("metadata", document, reading, Metadata.readJSON)
        if let kind, let name = document["metadata"]?["name"]?.scalarText, ResourceName.problem(in: name) == nil {
            id = kind.id(name)
        }
        guard let kind else { return }
        let spec = Self.read("spec", document, reading, kind.readJSON)
        guard let spec, let metadata, let id, isSound else { return }
        resource = (
            id,
            [
                "apiVersion": .string(ManifestDocument.apiVersion), "kind": .string(kind.kindName.rawValue),
                "metadata": metadata, "spec": spec,
            ]
        )
    }

    /// The name of a file that is nearly called as the settings are.
    private static func misspelledSettings(_ path: String) -> String? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name != Settings.fileName && ["writ.yaml", "writ.yml"].contains(name.lowercased()) ? name : nil
    }

    private static func checkVersion(_ document: Node, _ reading: ManifestReading) -> Bool {
        func fix() -> String { "apiVersion: \(ManifestDocument.apiVersion)" }
        guard let node = document["apiVersion"] else {
            reading.report(.missingField, "field `apiVersion` is missing", document, fix: fix())
            return false
        }
        guard let text = reading.text(node, what: "`\(ManifestDocument.apiVersion)`") else { return false }
        guard text == ManifestDocument.apiVersion else {
            reading.report(.wrongAPIVersion, "unknown apiVersion \(quoted(text))", node, fix: fix())
            return false
        }
        return true
    }

    private static func kind(_ document: Node, _ reading: ManifestReading) -> (any Kind.Type)? {
        func known() -> String {
            "known kinds: " + KindCatalog.all.map { $0.kindName.rawValue }.joined(separator: ", ")
        }
        guard let node = document["kind"] else {
            reading.report(.missingField, "field `kind` is missing", document, fix: known())
            return nil
        }
        guard let text = reading.text(node, what: "a kind") else { return nil }
        if let kind = KindCatalog[KindName(rawValue: text)] { return kind }
        let near = KindCatalog.nearest(to: text)
        reading.report(
            .unknownKind, "unknown kind \(quoted(text))", node, fix: near.map { "did you mean `\($0)`?" } ?? known())
        return nil
    }

    private static func read(
        _ field: String, _ document: Node, _ reading: ManifestReading, _ read: (Node, ManifestReading) -> JSON?
    ) -> JSON? {
        guard let node = document[field] else {
            reading.report(.missingField, "field `\(field)` is missing", document)
            return nil
        }
        return reading.descend(field, node) { read(node, reading) }
    }
}
