/// What one manifest file says, before it is seen together with others.
struct FileReading {
    var file: SourceFile
    let documents: [ManifestDocument]
    /// False where it could not be read to its end: what it declares is not known then.
    let isWhole: Bool
}

extension CatalogLoader {
    /// Reads one file; what is wrong with it goes into the result.
    func read(
        _ entry: SnapshotEntry, _ snapshot: any Snapshot, _ surroundings: SnapshotSurroundings
    ) throws -> FileReading {
        surroundings.beginFile()
        let raw = try nodes(of: entry, snapshot)
        let documents = raw.nodes.map { ManifestDocument($0, path: entry.path, surroundings: surroundings) }
        let file = SourceFile(
            path: entry.path, role: .manifest, blob: entry.blob, size: entry.size,
            declares: documents.compactMap(\.declared).sorted(), includes: surroundings.includedByFile.sorted(),
            diagnostics: raw.diagnostics + documents.flatMap(\.diagnostics))
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
        return (reading.documents, reading.diagnostics, reading.isWhole)
    }

    /// What may hold manifests that are not read: a directory that became a link must not go unnoticed.
    static func unread(_ entry: SnapshotEntry) -> SourceFile? {
        let place = Place(path: entry.path, mark: .start)
        let warning: Diagnostic
        switch entry.kind {
        case .file: return nil
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
}
