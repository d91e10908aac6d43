import Synchronization
import Values

/// Reads every manifest below a directory of a snapshot.
package struct CatalogLoader: Sendable {
    /// Problems of one load that are kept; more are counted only.
    package static let diagnosticsLimit = 10_000

    private let root: String
    private let zones: ZoneDatabase
    let limits: SnapshotLimits
    let yamlLimits: YAMLLimits
    private let spread: Spread
    /// Whether each file is read in the thorough way, which gives the same and takes longer.
    let readsThoroughly: Bool

    /// Files that are read before any of them is handed on.
    private static let window = 512
    /// Files that are read in one go.
    private static let piece = 16

    /// - Parameters:
    ///   - root: the directory of the manifests, "" for the repository's root
    ///   - spread: how files are read at the same time
    package init(
        root: String = "", zones: ZoneDatabase, limits: SnapshotLimits = SnapshotLimits(),
        yamlLimits: YAMLLimits = YAMLLimits(), spread: Spread = .here, readsThoroughly: Bool = false
    ) {
        self.spread = spread
        self.readsThoroughly = readsThoroughly
        self.root = root.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        self.zones = zones
        self.limits = limits
        self.yamlLimits = yamlLimits
    }

    /// Throws `SourceError`, or what the snapshot throws. What is wrong with manifests is in the result.
    package func load(_ snapshot: any Snapshot) throws -> LoadedCatalog {
        let resources = Mutex<[Resource]>([])
        let summary = try load(snapshot) { manifest in
            let resource = try manifest.resource()
            resources.withLock { $0.append(resource) }
        }
        return LoadedCatalog(
            catalog: Catalog(resources.withLock { $0 }), files: summary.files, diagnostics: summary.diagnostics,
            settings: summary.settings, settingsPlaces: summary.settingsPlaces)
    }

    /// The same, holding no resource for longer than it takes to hand it on.
    ///
    /// - Parameter each: takes the sound ones in order of the files; called from one thread at a time
    package func load(
        _ snapshot: any Snapshot, each: @Sendable (SoundManifest) throws -> Void
    ) throws -> LoadedSummary {
        let found = try spread.make(beside: { PlainReading.prepare() }) { try snapshot.entries(below: root) }
        guard let entries = found else { throw SourceError.noDirectory(root) }
        let surroundings = SnapshotSurroundings(snapshot, zones: zones, limits: limits, known: entries)
        var assembly = CatalogAssembly()
        let settingsPath = Settings.path(below: root)
        let settings = try readSettings(entries.first { $0.path == settingsPath }, snapshot, surroundings)
        if let file = settings.file { assembly.add(file, isWhole: settings.isWhole) }
        var manifests: [SnapshotEntry] = []
        for entry in entries {
            if reads(manifest: entry, settings.value) {
                manifests.append(entry)
            } else if let file = unread(entry, settings.value) {
                assembly.add(file)
            }
        }
        guard !manifests.isEmpty else {
            let leftOut = entries.count {
                Self.isNamedAsManifest($0) && $0.path != settingsPath && !settings.value.reads(relative($0.path))
            }
            throw leftOut == 0 ? SourceError.noManifests(root) : SourceError.allLeftOut(root, count: leftOut)
        }
        try checkTotal(manifests)
        let whole = Mutex(assembly)
        @Sendable func take(_ readings: [FileReading]) throws {
            try whole.withLock { whole in
                for reading in readings {
                    for manifest in whole.add(reading) { try each(manifest) }
                }
            }
        }
        var readings: [FileReading] = []
        // What was read is put together and handed on while the next files are read.
        for start in stride(from: 0, to: manifests.count, by: Self.window) {
            let some = manifests[start..<min(start + Self.window, manifests.count)]
            let earlier = readings
            readings = try read(some, snapshot, surroundings) { try take(earlier) }
        }
        try take(readings)
        if let failure = surroundings.failure { throw failure }
        return whole.withLock { $0.finish(included: surroundings.files, settings.value, settings.places, spread) }
    }

    /// Files at the same time, and something else beside them; the readings in their order.
    private func read(
        _ entries: ArraySlice<SnapshotEntry>, _ snapshot: any Snapshot, _ surroundings: SnapshotSurroundings,
        beside other: @Sendable () throws -> Void
    ) throws -> [FileReading] {
        let failure = Mutex<(any Error)?>(nil)
        let beside: @Sendable () -> Void = {
            do { try other() } catch { failure.withLock { $0 = error } }
        }
        let pieces = spread.map(entries, by: Self.piece, beside: beside) { some in
            Result { try read(some, snapshot, surroundings) }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return try pieces.flatMap { try $0.get() }
    }

    /// Reads some files only, and nothing that several of them say together.
    ///
    /// Paths that are not there, hidden, excluded or no manifests are passed over. Throws what the snapshot throws.
    package func read(_ paths: [String], of snapshot: any Snapshot) throws -> LoadedFiles {
        let surroundings = SnapshotSurroundings(snapshot, zones: zones, limits: limits)
        let settings = try readSettings(
            try snapshot.entry(at: Settings.path(below: root)), snapshot, surroundings)
        var loaded = LoadedFiles(files: [], resources: [], isSound: settings.isWhole)
        var readable = ReadableBudget()
        for path in Set(paths).sorted() where isVisible(path) {
            guard let entry = try snapshot.entry(at: path) else { continue }
            guard reads(manifest: entry, settings.value) else {
                if let file = unread(entry, settings.value) { loaded.files.append(file) }
                continue
            }
            for reading in try read(CollectionOfOne(entry), snapshot, surroundings) {
                var file = reading.file
                readable.bound(&file)
                loaded.files.append(file)
                loaded.resources += try reading.documents.compactMap { try $0.resource?.manifest.resource() }
                if !reading.isWhole || reading.file.diagnostics.hasErrors { loaded.isSound = false }
            }
        }
        if let failure = surroundings.failure { throw failure }
        let told = Set(loaded.files.map(\.path))
        loaded.files += surroundings.files.filter { !told.contains($0.path) }.map { file in
            unread(SnapshotEntry(path: file.path, blob: file.blob, size: file.size), settings.value) ?? file
        }
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
        return Self.isNamedAsManifest(entry) && name != Settings.fileName && settings.reads(name)
    }

    private static func isNamedAsManifest(_ entry: SnapshotEntry) -> Bool {
        (entry.kind == .file || entry.kind == .symbolicLink)
            && (entry.path.hasSuffix(".yaml") || entry.path.hasSuffix(".yml"))
    }

    /// Nil where that goes without a word.
    private func unread(_ entry: SnapshotEntry, _ settings: Settings) -> SourceFile? {
        // A file may also be included that no walk comes to.
        guard let file = Self.unread(entry), entry.kind != .file || isVisible(entry.path),
            entry.path != Settings.path(below: root), settings.reads(relative(entry.path))
        else { return nil }
        return file
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
    ) throws -> (value: Settings, file: SourceFile?, isWhole: Bool, places: Places) {
        guard let entry else { return (.standard, nil, true, .none) }
        let raw = try nodes(of: entry, snapshot)
        var file = SourceFile(
            path: entry.path, role: .settings, blob: entry.blob, size: entry.size, diagnostics: raw.diagnostics)
        guard let document = raw.documents.first else { return (.standard, file, raw.isWhole, .none) }
        if let second = raw.documents.dropFirst().first {
            let place = Place(path: entry.path, mark: second.mark)
            file.diagnostics.append(
                Diagnostic(.error, .settings, "\(Settings.fileName) holds one document only", at: place))
        }
        let reading = ManifestReading(path: entry.path, source: .repository(FileSurroundings(surroundings)))
        let settings = Settings.read(document, reading)
        file.diagnostics += reading.diagnostics
        return (settings ?? .standard, file, raw.isWhole, reading.places)
    }
}

extension Settings {
    /// Where the settings of a configuration root stand.
    package static func path(below root: String) -> String { root.isEmpty ? fileName : "\(root)/\(fileName)" }
}
