/// What one manifest file says, before it is seen together with others.
struct FileReading<Prepared: Sendable>: Sendable {
    struct Document: Sendable {
        /// Known even where the rest is wrong.
        let declared: ResourceID?
        let nameMark: Mark
        let renamedFrom: String?
        let references: [NamedReference]
        /// Of what is not sound.
        let readable: ReadableContent?
        /// Nil where it is not sound.
        let resource: (outline: ResourceOutline, prepared: Prepared)?

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
    /// Reads one file; what is wrong with it goes into the result.
    ///
    /// - Parameter prepare: makes of each sound resource what is kept of it
    func read<Prepared: Sendable>(
        _ entry: SnapshotEntry, _ snapshot: any Snapshot, _ surroundings: SnapshotSurroundings,
        prepare: (Resource) throws -> Prepared
    ) throws -> FileReading<Prepared> {
        let surroundings = FileSurroundings(surroundings)
        let raw = try nodes(of: entry, snapshot)
        var diagnostics = raw.diagnostics
        // Nothing stands in the place of what has no anchor, which is no second mistake.
        let nothing = Set(raw.diagnostics.filter { $0.code == .unknownAlias }.map(\.place))
        let documents = try raw.nodes.map { node in
            let document = ManifestDocument(node, path: entry.path, surroundings: surroundings)
            diagnostics += document.diagnostics.filter { !nothing.contains($0.place) }
            return FileReading<Prepared>.Document(
                declared: document.declared, nameMark: document.nameMark, renamedFrom: document.renamedFrom,
                references: document.references,
                readable: document.resource == nil ? ReadableContent(node, path: entry.path, surroundings) : nil,
                resource: try document.resource.map {
                    (ResourceOutline($0, document.references), try prepare($0))
                })
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
    func nodes(
        of entry: SnapshotEntry, _ snapshot: any Snapshot
    ) throws -> (nodes: [Node], diagnostics: [Diagnostic], isWhole: Bool) {
        let place = Place(path: entry.path, mark: .start)
        func refused(_ code: DiagnosticCode, _ message: String, fix: String) -> ([Node], [Diagnostic], Bool) {
            ([], [Diagnostic(.error, code, message, at: place, fix: fix)], false)
        }
        guard entry.kind == .file else {
            return refused(
                .symbolicLink, "this manifest is a symbolic link, which writ does not follow",
                fix: "put a copy of the file here")
        }
        guard entry.size <= limits.fileBytes else {
            return refused(
                .fileTooLarge, "this file has \(entry.size) bytes, over the limit of \(limits.fileBytes)",
                fix: "split it, or keep long texts in files of their own with {file: path}")
        }
        let bytes = try snapshot.contents(of: entry, limit: limits.fileBytes)
        guard !LFSPointer.matches(bytes) else {
            return refused(
                .lfsPointer, "this is a Git LFS pointer, which writ does not fetch",
                fix: "keep manifests out of Git LFS")
        }
        let reading = YAMLReader.read(bytes, path: entry.path, limits: yamlLimits)
        let warnings = BidirectionalControls.warnings(in: bytes, path: entry.path)
        return (reading.documents, reading.diagnostics + warnings, reading.isWhole)
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
