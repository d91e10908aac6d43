/// What one manifest file says, before it is seen together with others.
struct FileReading: Sendable {
    struct Document: Sendable {
        /// Known even where the rest is wrong.
        let declared: ResourceID?
        let nameMark: Mark
        let renamedFrom: String?
        let references: [NamedReference]
        /// Of what is not sound.
        let readable: ReadableContent?
        /// Nil where it is not sound.
        let resource: (outline: ResourceOutline, manifest: SoundManifest)?

        var unsound: UnsoundManifest? {
            guard resource == nil, let declared else { return nil }
            return UnsoundManifest(id: declared, mark: nameMark, renamedFrom: renamedFrom, content: readable)
        }
    }

    var file: SourceFile
    let documents: [Document]
    /// False where it could not be read to its end: what it declares is not known then.
    let isWhole: Bool
}

extension CatalogLoader {
    /// Reads some files; what is wrong with them goes into the result.
    func read(
        _ entries: some Collection<SnapshotEntry>, _ snapshot: any Snapshot, _ surroundings: SnapshotSurroundings
    ) throws -> [FileReading] {
        var plain = PlainReading(surroundings)
        let readable = entries.filter { refusal(of: $0) == nil }
        var contents = try snapshot.contents(of: readable, limit: limits.fileBytes)[...]
        return entries.map { entry in
            if let refused = refusal(of: entry) {
                return reading(entry, FileSurroundings(surroundings), Nodes(diagnostics: [refused]))
            }
            return read(entry, contents.popFirst() ?? [], surroundings, &plain)
        }
    }

    /// - Parameter plain: takes what there is nothing to say about
    func read(
        _ entry: SnapshotEntry, _ bytes: [UInt8], _ surroundings: SnapshotSurroundings, _ plain: inout PlainReading
    ) -> FileReading {
        let asked = FileSurroundings(surroundings)
        guard !readsThoroughly, let documents = plain.documents(of: bytes, path: entry.path, asked, yamlLimits) else {
            return reading(entry, FileSurroundings(surroundings), nodes(of: bytes, entry))
        }
        let file = SourceFile(
            path: entry.path, role: .manifest, blob: entry.blob, size: entry.size,
            declares: documents.compactMap { $0.declared }.sorted(), includes: asked.included.sorted())
        return FileReading(file: file, documents: documents, isWhole: true)
    }

    private func reading(_ entry: SnapshotEntry, _ surroundings: FileSurroundings, _ raw: Nodes) -> FileReading {
        var diagnostics = raw.diagnostics
        // Nothing stands in the place of what has no anchor, which is no second mistake.
        let nothing = Set(raw.diagnostics.filter { $0.code == .unknownAlias }.map(\.place))
        let documents = raw.documents.map { node in
            let document = ManifestDocument(node, path: entry.path, surroundings: surroundings)
            diagnostics += document.diagnostics.filter { !nothing.contains($0.place) }
            return FileReading.Document(
                declared: document.declared, nameMark: document.nameMark, renamedFrom: document.renamedFrom,
                references: document.references,
                // Of what is no sound YAML it is not known what it says.
                readable: document.resource == nil && !raw.diagnostics.hasErrors
                    ? ReadableContent(node, path: entry.path, surroundings) : nil,
                resource: document.resource.map { (ResourceOutline($0, document.references), SoundManifest($0)) })
        }
        let file = SourceFile(
            path: entry.path, role: .manifest, blob: entry.blob, size: entry.size,
            // A key path of a generic type is made anew by the runtime each time.
            declares: documents.compactMap { $0.declared }.sorted(), unsound: documents.compactMap { $0.unsound },
            includes: surroundings.included.sorted(), diagnostics: diagnostics,
            hidesNames: !raw.isWhole || documents.contains { $0.declared == nil })
        return FileReading(file: file, documents: documents, isWhole: raw.isWhole)
    }

    /// The YAML documents of one file.
    struct Nodes {
        var documents: [Node] = []
        var diagnostics: [Diagnostic] = []
        var isWhole = false
    }

    func nodes(of entry: SnapshotEntry, _ snapshot: any Snapshot) throws -> Nodes {
        if let refused = refusal(of: entry) { return Nodes(diagnostics: [refused]) }
        return nodes(of: try snapshot.contents(of: entry, limit: limits.fileBytes), entry)
    }

    private func nodes(of bytes: [UInt8], _ entry: SnapshotEntry) -> Nodes {
        guard !LFSPointer.matches(bytes) else {
            return Nodes(diagnostics: [
                Diagnostic(
                    .error, .lfsPointer, "this is a Git LFS pointer, which writ does not fetch",
                    at: Place(path: entry.path, mark: .start), fix: "keep manifests out of Git LFS")
            ])
        }
        let reading = YAMLReader.read(bytes, path: entry.path, limits: yamlLimits)
        let warnings = BidirectionalControls.warnings(in: bytes, path: entry.path)
        return Nodes(
            documents: reading.documents, diagnostics: reading.diagnostics + warnings, isWhole: reading.isWhole)
    }

    /// Why a file is not read at all; nil where it is.
    private func refusal(of entry: SnapshotEntry) -> Diagnostic? {
        let place = Place(path: entry.path, mark: .start)
        guard entry.kind == .file else {
            return Diagnostic(
                .error, .symbolicLink, "this manifest is a symbolic link, which writ does not follow", at: place,
                fix: "put a copy of the file here")
        }
        guard entry.size <= limits.fileBytes else {
            return Diagnostic(
                .error, .fileTooLarge, "this file has \(entry.size) bytes, over the limit of \(limits.fileBytes)",
                at: place, fix: "split it, or keep long texts in files of their own with {file: path}")
        }
        return nil
    }

    /// What may hold manifests that are not read: a directory that became a link must not go unnoticed.
    static func unread(_ entry: SnapshotEntry) -> SourceFile? {
        let place = Place(path: entry.path, mark: .start)
        let warning: Diagnostic
        switch entry.kind {
        case .file:
            guard let fileExtension = misspelledExtension(of: entry.path) else { return nil }
            warning = Diagnostic(
                .warning, .ignoredName,
                "this is not read as a manifest: its name ends in \(quoted(fileExtension)), and theirs in `.yaml` or `.yml`",
                at: place, fix: "rename it, or exclude it in writ.yaml")
        case .gitDirectory:
            warning = Diagnostic(
                .warning, .ignoredName,
                "some file systems take this name for `.git`: nothing of it is read, or written to a disk", at: place,
                fix: "take it out of the repository: nothing but an attack, or a mistake, is called so")
        case .submodule:
            warning = Diagnostic(.warning, .submodule, "this is a submodule, which writ does not read", at: place)
        case .symbolicLink:
            warning = Diagnostic(
                .warning, .symbolicLink,
                "this is a symbolic link, which writ does not follow: what lies behind it is not read",
                at: place, fix: "put the files themselves here, or exclude it in writ.yaml")
        }
        return SourceFile(
            path: entry.path, role: .unread, blob: entry.blob, size: entry.size, diagnostics: [warning])
    }

    /// `.YAML`
    private static func misspelledExtension(of path: String) -> String? {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let found = String(path[dot...])
        return found != ".yaml" && found != ".yml" && [".yaml", ".yml"].contains(found.lowercased()) ? found : nil
    }
}
