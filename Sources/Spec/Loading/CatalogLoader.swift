import Values

/// What the files of one snapshot say, as plain data.
package struct LoadedCatalog: Sendable {
    /// The resources that are sound; all of them where `diagnostics` holds no error.
    package var catalog: Catalog
    /// Blob id of every file that was read, by path.
    package var blobs: [String: String]
    /// In order of place.
    package var diagnostics: [Diagnostic]
    package var manifestFiles: Int
    /// What `writ.yaml` says.
    package var settings: Settings

    package init(
        catalog: Catalog, blobs: [String: String], diagnostics: [Diagnostic], manifestFiles: Int,
        settings: Settings = .standard
    ) {
        self.catalog = catalog
        self.blobs = blobs
        self.diagnostics = diagnostics
        self.manifestFiles = manifestFiles
        self.settings = settings
    }

    package var isValid: Bool { !diagnostics.hasErrors }
}

/// Reads every manifest below a directory of a snapshot.
package struct CatalogLoader: Sendable {
    /// Problems of one load that are kept; more are counted only.
    static let diagnosticsLimit = 10_000

    private let root: String
    private let zones: ZoneDatabase
    private let limits: SnapshotLimits
    private let yamlLimits: YAMLLimits

    /// - Parameter root: the directory of the manifests, "" for the repository's root.
    package init(
        root: String = "", zones: ZoneDatabase, limits: SnapshotLimits = SnapshotLimits(),
        yamlLimits: YAMLLimits = YAMLLimits()
    ) {
        self.root = root.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        self.zones = zones
        self.limits = limits
        self.yamlLimits = yamlLimits
    }

    /// Throws `SourceError`, or what the snapshot throws. What is wrong with manifests is in the result.
    package func load(_ snapshot: any Snapshot) throws -> LoadedCatalog {
        guard let entries = try snapshot.entries(below: root) else { throw SourceError.noDirectory(root) }
        var work = Work(surroundings: SnapshotSurroundings(snapshot, zones: zones, limits: limits))
        let settings = try readSettings(entries, snapshot, &work)
        let manifests = entries.filter {
            $0.kind != .submodule && isManifest($0.path) && settings.reads(relative($0.path))
        }
        guard !manifests.isEmpty else { throw SourceError.noManifests(root) }
        let readPaths = Set(manifests.map(\.path))
        work.add(
            entries.filter { !readPaths.contains($0.path) && settings.reads(relative($0.path)) }
                .compactMap(Self.warning(ofUnread:)))
        try checkTotal(manifests)
        for entry in manifests { try read(entry, snapshot, &work) }
        if let failure = work.surroundings.failure { throw failure }
        return work.finish(files: manifests.count, settings)
    }

    private func relative(_ path: String) -> String {
        root.isEmpty ? path : String(path.dropFirst(root.count + 1))
    }

    private func isManifest(_ path: String) -> Bool {
        (path.hasSuffix(".yaml") || path.hasSuffix(".yml")) && relative(path) != Settings.fileName
    }

    private func checkTotal(_ entries: [SnapshotEntry]) throws {
        var total = 0
        // Longer ones are not read at all, and told of by name.
        for entry in entries where entry.size <= limits.fileBytes {
            total = total.addingReportingOverflow(max(entry.size, 0)).partialValue
            guard total >= 0, total <= limits.totalBytes else {
                throw SourceError.tooLarge(bytes: total, limit: limits.totalBytes)
            }
        }
    }

    private func readSettings(
        _ entries: [SnapshotEntry], _ snapshot: any Snapshot, _ work: inout Work
    ) throws -> Settings {
        guard let entry = entries.first(where: { relative($0.path) == Settings.fileName }) else { return .standard }
        let documents = try documents(of: entry, snapshot, &work)
        guard let document = documents.first else { return .standard }
        if let second = documents.dropFirst().first {
            let place = Place(path: entry.path, mark: second.mark)
            work.add([Diagnostic(.error, .settings, "\(Settings.fileName) holds one document only", at: place)])
        }
        let reading = ManifestReading(path: entry.path, source: .repository(work.surroundings))
        let settings = Settings.read(document, reading)
        work.add(reading.diagnostics)
        return settings ?? .standard
    }

    private func read(_ entry: SnapshotEntry, _ snapshot: any Snapshot, _ work: inout Work) throws {
        for document in try documents(of: entry, snapshot, &work) {
            work.add(
                ManifestDocument(document, path: entry.path, surroundings: work.surroundings), path: entry.path)
        }
    }

    /// What may hold manifests that are not read: a directory that became a link must not go unnoticed.
    private static func warning(ofUnread entry: SnapshotEntry) -> Diagnostic? {
        let place = Place(path: entry.path, mark: .start)
        switch entry.kind {
        case .file: return nil
        case .submodule:
            return Diagnostic(.warning, .submodule, "this is a submodule, which writ does not read", at: place)
        case .symbolicLink:
            return Diagnostic(
                .warning, .symbolicLink,
                "this is a symbolic link, which writ does not follow: what lies behind it is not read",
                at: place, fix: "put the files themselves here, or exclude it in writ.yaml")
        }
    }

    /// The documents of one file; what is wrong with it goes into `work`.
    private func documents(
        of entry: SnapshotEntry, _ snapshot: any Snapshot, _ work: inout Work
    ) throws -> [Node] {
        let place = Place(path: entry.path, mark: .start)
        guard entry.kind == .file else {
            work.refuse(
                Diagnostic(
                    .error, .symbolicLink, "this manifest is a symbolic link, which writ does not follow", at: place,
                    fix: "put a copy of the file here"))
            return []
        }
        guard entry.size <= limits.fileBytes else {
            work.refuse(
                Diagnostic(
                    .error, .fileTooLarge, "this file has \(entry.size) bytes, over the limit of \(limits.fileBytes)",
                    at: place, fix: "split it, or keep long texts in files of their own with {file: path}"))
            return []
        }
        let bytes = try snapshot.contents(of: entry, limit: limits.fileBytes)
        work.blobs[entry.path] = entry.blob
        guard !LFSPointer.matches(bytes) else {
            work.refuse(
                Diagnostic(
                    .error, .lfsPointer, "this is a Git LFS pointer, which writ does not fetch", at: place,
                    fix: "keep manifests out of Git LFS"))
            return []
        }
        let reading = YAMLReader.read(bytes, path: entry.path, limits: yamlLimits)
        work.add(reading.diagnostics)
        if !reading.isWhole { work.isEverythingRead = false }
        return reading.documents
    }
}

/// What has been read so far.
private struct Work {
    let surroundings: SnapshotSurroundings
    var blobs: [String: String] = [:]
    private var diagnostics: [Diagnostic] = []
    private var dropped = 0
    private var resources: [Resource] = []
    private var references: [NamedReference] = []
    /// False where a file could not be read to its end: what it declares is not known then.
    var isEverythingRead = true
    /// Every name that is declared, sound or not, and where first.
    private var declared: [ResourceID: Place] = [:]

    init(surroundings: SnapshotSurroundings) {
        self.surroundings = surroundings
    }

    mutating func add(_ more: [Diagnostic]) {
        let room = CatalogLoader.diagnosticsLimit - diagnostics.count
        diagnostics += more.prefix(max(0, room))
        dropped += max(0, more.count - max(0, room))
    }

    /// For a file that is not read at all.
    mutating func refuse(_ diagnostic: Diagnostic) {
        add([diagnostic])
        isEverythingRead = false
    }

    mutating func add(_ document: ManifestDocument, path: String) {
        add(document.diagnostics)
        references += document.references
        if let id = document.declared {
            let place = Place(path: path, mark: document.nameMark)
            if let first = declared[id] {
                add([
                    Diagnostic(
                        .error, .duplicateResource, "\(id) is declared twice, first at \(first)", at: place,
                        fix: "rename one of the two, or remove it")
                ])
                return
            }
            declared[id] = place
        }
        if let resource = document.resource { resources.append(resource) }
    }

    mutating func finish(files: Int, _ settings: Settings) -> LoadedCatalog {
        let catalog = Catalog(resources)
        add(
            ReferenceCheck.diagnostics(
                of: references, declared: Set(declared.keys), isEverythingRead: isEverythingRead))
        add(ReferenceCycles.diagnostics(of: catalog))
        add(RenameCheck.diagnostics(of: catalog, declared: declared))
        if dropped > 0, let place = diagnostics.first?.place {
            diagnostics.append(
                Diagnostic(.error, .tooManyProblems, "\(dropped) more problems are not listed", at: place))
        }
        blobs.merge(surroundings.blobs) { first, _ in first }
        // Manifests that include one broken file all tell of it.
        let unique = Set(diagnostics).sorted()
        return LoadedCatalog(
            catalog: catalog, blobs: blobs, diagnostics: unique, manifestFiles: files, settings: settings)
    }
}
