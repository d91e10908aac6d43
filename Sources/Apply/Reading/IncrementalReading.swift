import Spec
import State
import Values

/// Reads the files that differ from the recorded commit, and of what is recorded only what they touch.
///
/// Whatever it cannot tell for certain, and whatever is wrong with the commit, is left to a full reading: `read` then
/// gives nil.
struct IncrementalReading {
    private let source: any CommitSource
    private let state: StateReader
    private let commit: String
    private let directory: String
    private let program: String

    /// Files beyond which reading everything is no more work.
    private static let filesLimit = 5_000
    /// Bytes of all their paths together.
    private static let pathsLimit = 512 << 10

    init(_ source: any CommitSource, _ state: StateReader, commit: String, directory: String, program: String) {
        self.source = source
        self.state = state
        self.commit = commit
        self.directory = directory
        self.program = program
    }

    /// - Parameter head: what was in force a moment ago
    func read(_ head: AppliedHead) throws -> CommitReading? {
        guard let index = try state.sourceIndex(), let revision = head.revision, index.revision == revision.number,
            index.directory == directory, index.reader == program, revision.directory == directory
        else { return nil }
        guard var paths = try changedPaths(since: index) else { return nil }
        // What the change does to others may be told at their places, which are not recorded: those are read too.
        for _ in 0..<3 {
            guard let delta = try delta(paths), !delta.hidesManifests else { return nil }
            let touched = try TouchedResources(delta, state)
            guard let touched else { return nil }
            let more = touched.filesToRead.subtracting(paths.read)
            guard !more.isEmpty else { return try reading(touched, delta, paths, index, head) }
            paths.read.formUnion(more)
        }
        return nil
    }

    /// What to read, and what else changed.
    private struct Paths {
        var read: Set<String>
        let changed: Set<String>
    }

    private func changedPaths(since index: SourceIndex) throws -> Paths? {
        guard index.commit != commit else { return Paths(read: try state.filesToReadEachTime(), changed: []) }
        guard let changes = try source.changes(since: index.commit) else { return nil }
        // What passes for `.git` can be asked for by no path.
        guard !changes.contains(where: { $0.old?.kind == .gitDirectory || $0.new?.kind == .gitDirectory }) else {
            return nil
        }
        let changed = Set(changes.map(\.path))
        guard changed.count <= Self.filesLimit, !changed.contains(Settings.path(below: directory)) else { return nil }
        let recorded = try state.sourceFiles(at: changed)
        // What is recorded of another content is of no use.
        guard changes.allSatisfy({ recorded[$0.path]?.blob == nil || recorded[$0.path]?.blob == $0.old?.blob }) else {
            return nil
        }
        let read = Set(changes.filter { $0.new != nil }.map(\.path))
            .union(try state.manifests(including: changed)).union(try state.filesToReadEachTime())
        return Paths(read: read, changed: changed)
    }

    private func delta(_ paths: Paths) throws -> SourceDelta? {
        guard paths.read.count <= Self.filesLimit, paths.read.reduce(0, { $0 + $1.utf8.count }) <= Self.pathsLimit
        else { return nil }
        let loaded =
            paths.read.isEmpty
            ? LoadedFiles(files: [], resources: [], isSound: true) : try source.read(paths.read.sorted())
        guard loaded.isSound else { return nil }
        return SourceDelta(
            loaded: loaded,
            previous: try state.sourceFiles(
                at: paths.read.union(paths.changed).union(loaded.files.map(\.path))))
    }

    private func reading(
        _ touched: TouchedResources, _ delta: SourceDelta, _ paths: Paths, _ index: SourceIndex, _ head: AppliedHead
    ) throws -> CommitReading? {
        guard let parts = try Neighbourhood(touched, state) else { return nil }
        let declared = Catalog(parts.declared)
        guard ReferenceCycles.diagnostics(of: declared).isEmpty else { return nil }
        let graph = UseGraph(declared, usedElsewhere: touched.usedElsewhere)
        let catalogAdvice = CatalogAdvice(declared, graph)
        let notes = touched.declared.map {
            SourceNote($0.id, renamedFrom: $0.renamedFrom, advice: catalogAdvice.warnings(of: $0))
        }
        let known = Dictionary(touched.notes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let kept = touched.notes.filter { !touched.ids.contains($0.id) }
        let warnings = Set(
            try state.fileDiagnostics(without: paths.read.union(paths.changed))
                + delta.loaded.files.flatMap(\.diagnostics))
        let record = SourceRecord(
            commit: commit, directory: directory, reader: program, changes: index.serial,
            manifests: index.manifests + delta.manifests, bytes: index.bytes + delta.bytes,
            counts: index.counts.merging(touched.counts) { $0 + $1 }, files: delta.changedFiles,
            removed: delta.removed, references: touched.references,
            notes: (notes + touched.removed.map { SourceNote($0) })
                .filter { $0 != known[$0.id] && !($0.isEmpty && known[$0.id] == nil) })
        guard record.manifests > 0, record.bytes <= SnapshotLimits().totalBytes,
            warnings.count <= CatalogLoader.diagnosticsLimit
        else { return nil }
        let deletesTriggers = touched.removed.contains { $0.kind == .trigger }
        let reading = CommitReading(
            commit: commit, head: head, declared: declared, applied: Catalog(parts.applied),
            totals: CatalogTotals(
                counts: index.counts, enabledTriggers: deletesTriggers ? try state.enabledTriggers() : 0),
            warnings: warnings.sorted(), settings: head.settings ?? .standard,
            advice: (notes + kept).flatMap(\.advice).sorted(), graph: graph,
            record: index.commit == commit && record.isUnchanging ? nil : record)
        // All of this was asked in many calls: it counts if it was of one moment.
        return try state.sourceIndex() == index && state.appliedHead() == head ? reading : nil
    }
}

extension SourceRecord {
    fileprivate var isUnchanging: Bool {
        files.isEmpty && removed.isEmpty && references.isEmpty && notes.isEmpty
    }
}

/// Files that were read again, and what was recorded of those and of the ones that are gone.
struct SourceDelta {
    let loaded: LoadedFiles
    let previous: [String: SourceFile]

    var changedFiles: [SourceFile] { loaded.files.filter { previous[$0.path] != $0 } }

    var removed: [String] {
        let read = Set(loaded.files.map(\.path))
        return previous.keys.filter { !read.contains($0) }.sorted()
    }

    /// How many there are more than before.
    var manifests: Int { manifestFiles(loaded.files).count - manifestFiles(previous.values).count }

    var bytes: Int {
        manifestFiles(loaded.files).reduce(0) { $0 + $1.size }
            - manifestFiles(previous.values).reduce(0) { $0 + $1.size }
    }

    private func manifestFiles(_ files: some Sequence<SourceFile>) -> [SourceFile] {
        files.filter { $0.role == .manifest }
    }
}
