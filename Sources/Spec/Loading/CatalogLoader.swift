import Values

/// Reads every manifest below a directory of a snapshot.
package struct CatalogLoader: Sendable {
    /// Problems of one load that are kept; more are counted only.
    package static let diagnosticsLimit = 10_000

    private let root: String
    private let zones: ZoneDatabase
    let limits: SnapshotLimits
    let yamlLimits: YAMLLimits

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
        let surroundings = SnapshotSurroundings(snapshot, zones: zones, limits: limits)
        var assembly = CatalogAssembly()
        let settingsEntry = entries.first { $0.path == Settings.path(below: root) }
        let settings = try readSettings(settingsEntry, snapshot, surroundings)
        if let file = settings.file { assembly.add(file, isWhole: settings.isWhole) }
        let manifests = entries.filter { reads(manifest: $0, settings.value) }
        guard !manifests.isEmpty else { throw SourceError.noManifests(root) }
        let readPaths = Set(manifests.map(\.path))
        for entry in entries where !readPaths.contains(entry.path) && settings.value.reads(relative(entry.path)) {
            if let file = Self.unread(entry) { assembly.add(file) }
        }
        try checkTotal(manifests)
        for entry in manifests { assembly.add(try read(entry, snapshot, surroundings)) }
        if let failure = surroundings.failure { throw failure }
        return assembly.finish(included: surroundings.files, settings.value)
    }

    /// Reads some files only, and nothing that several of them say together.
    ///
    /// Paths that are not there, hidden, excluded or no manifests are passed over. Throws what the snapshot throws.
    package func read(_ paths: [String], of snapshot: any Snapshot) throws -> LoadedFiles {
        let surroundings = SnapshotSurroundings(snapshot, zones: zones, limits: limits)
        let settings = try readSettings(
            try snapshot.entry(at: Settings.path(below: root)), snapshot, surroundings)
        var loaded = LoadedFiles(files: [], resources: [], isSound: settings.isWhole)
        var manifests: Set<String> = []
        for path in Set(paths).sorted() where isVisible(path) {
            guard let entry = try snapshot.entry(at: path) else { continue }
            guard reads(manifest: entry, settings.value) else {
                if settings.value.reads(relative(path)), let file = Self.unread(entry) { loaded.files.append(file) }
                continue
            }
            let reading = try read(entry, snapshot, surroundings)
            manifests.insert(path)
            loaded.files.append(reading.file)
            loaded.resources += reading.documents.compactMap(\.resource)
            if !reading.isWhole || reading.file.diagnostics.hasErrors { loaded.isSound = false }
        }
        if let failure = surroundings.failure { throw failure }
        loaded.files += surroundings.files.filter { !manifests.contains($0.path) }
        loaded.files.sort { $0.path < $1.path }
        return loaded
    }

    private func relative(_ path: String) -> String {
        root.isEmpty ? path : String(path.dropFirst(root.count + 1))
    }

    /// Whether a walk below the root would come to it.
    private func isVisible(_ path: String) -> Bool {
        guard root.isEmpty || path.hasPrefix(root + "/") else { return false }
        return !relative(path).split(separator: "/").contains { $0.hasPrefix(".") }
    }

    private func reads(manifest entry: SnapshotEntry, _ settings: Settings) -> Bool {
        let name = relative(entry.path)
        return entry.kind != .submodule && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
            && name != Settings.fileName && settings.reads(name)
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
        _ entry: SnapshotEntry?, _ snapshot: any Snapshot, _ surroundings: SnapshotSurroundings
    ) throws -> (value: Settings, file: SourceFile?, isWhole: Bool) {
        guard let entry else { return (.standard, nil, true) }
        let raw = try nodes(of: entry, snapshot)
        var file = SourceFile(
            path: entry.path, role: .settings, blob: entry.blob, size: entry.size, diagnostics: raw.diagnostics)
        guard let document = raw.nodes.first else { return (.standard, file, raw.isWhole) }
        if let second = raw.nodes.dropFirst().first {
            let place = Place(path: entry.path, mark: second.mark)
            file.diagnostics.append(
                Diagnostic(.error, .settings, "\(Settings.fileName) holds one document only", at: place))
        }
        let reading = ManifestReading(path: entry.path, source: .repository(surroundings))
        let settings = Settings.read(document, reading)
        file.diagnostics += reading.diagnostics
        return (settings ?? .standard, file, raw.isWhole)
    }
}

extension Settings {
    /// Where the settings of a configuration root stand.
    package static func path(below root: String) -> String { root.isEmpty ? fileName : "\(root)/\(fileName)" }
}
