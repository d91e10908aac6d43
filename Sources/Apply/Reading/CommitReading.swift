import Spec
import State
import Values

/// What a valid commit says, against what is in force: all of both, or the parts that a plan has to see.
package struct CommitReading: Sendable {
    package let commit: String
    /// What is in force.
    package let head: AppliedHead
    package private(set) var declared: Catalog
    package let applied: Catalog
    /// Of what is in force.
    package let totals: CatalogTotals
    /// About the manifests, in order of place.
    package let warnings: [Diagnostic]
    package let settings: Settings
    /// Where `writ.yaml` says so, as far as that was read.
    package var settingsPlaces = Places.none
    /// What is unwise in the catalog as a whole, in order of place.
    package private(set) var advice: [Diagnostic]
    private(set) var graph: UseGraph
    /// To be recorded with the commit; nil where it is already, or where not all of the commit is taken.
    package let record: SourceRecord?
    /// What keeps its last good version.
    package var stale: [StaleResource] = []
    /// Mistakes that keep no resource back.
    package var unheld: [Diagnostic] = []

    package enum Outcome: Sendable {
        case reading(CommitReading)
        /// Every diagnostic, warnings too.
        case invalid([Diagnostic], AppliedHead)
    }

    /// The same with what stays in force beside it, which the commit does not declare: all of it is what a plan leads to.
    /// Of what stays there is no advice, as no file of the commit has it. Again, it costs nothing.
    package func keeping(_ kept: [Resource]) -> CommitReading {
        let kept = kept.filter { !declared.contains($0.id) }
        guard !kept.isEmpty else { return self }
        let catalog = Catalog(declared.resources + kept)
        var reading = self
        reading.graph = UseGraph(catalog)
        let advice = CatalogAdvice(catalog, reading.graph)
        reading.advice = declared.resources.flatMap(advice.warnings).sorted()
        reading.declared = catalog
        return reading
    }
}

/// Reads commits: only what differs from the commit that is recorded, or everything where that is not enough to tell.
///
/// Both ways come to the same plan, byte for byte.
package struct CommitReader {
    private let source: any CommitSource
    private let state: StateReader?
    private let program: String
    private let spread: Spread

    /// Resources that are looked at in one go.
    private static let piece = 256

    /// - Parameters:
    ///   - state: nil before anything was applied
    ///   - program: names the program that reads, so that what another one recorded is not built upon
    ///   - spread: how resources are looked at at the same time
    package init(_ source: any CommitSource, state: StateReader?, program: String, spread: Spread = .here) {
        self.source = source
        self.state = state
        self.program = program
        self.spread = spread
    }

    /// Throws what the source throws, and `StateError`.
    ///
    /// - Parameters:
    ///   - directory: of the manifests, from the repository's root
    ///   - fully: read everything, whatever is recorded
    package func read(_ commit: String, below directory: String, fully: Bool = false) throws -> CommitReading.Outcome {
        // Where nothing is pruned, resources may be in force that no file declares.
        if !fully, let state {
            let head = try state.appliedHead()
            let incremental = IncrementalReading(
                source, state, commit: commit, directory: directory, program: program)
            if (head.settings(for: commit) ?? .standard).prune.enabled, let reading = try incremental.read(head) {
                return .reading(reading)
            }
        }
        return try readAll(commit, directory)
    }

    private func readAll(_ commit: String, _ directory: String) throws -> CommitReading.Outcome {
        Self.whole(
            commit, below: directory, try source.load(), against: try state?.appliedState() ?? .empty, program: program,
            spread: spread)
    }

    /// What all files of a commit say, against all that is in force.
    package static func whole(
        _ commit: String, below directory: String, _ loaded: LoadedCatalog, against state: AppliedState,
        program: String, spread: Spread = .here
    ) -> CommitReading.Outcome {
        let applied = state.catalog
        let loaded = loaded.refusingUnread(applied)
        guard loaded.isValid else {
            return isolated(commit, loaded, state, applied) ?? .invalid(loaded.diagnostics, state.head)
        }
        let graph = UseGraph(loaded.catalog, spread: spread)
        let advice = CatalogAdvice(loaded.catalog, graph)
        let notes = spread.map(loaded.catalog.resources[...], by: piece) { resources in
            resources.compactMap { resource -> SourceNote? in
                let advice = advice.warnings(of: resource)
                guard !advice.isEmpty || resource.renamedFrom != nil else { return nil }
                return SourceNote(resource.id, renamedFrom: resource.renamedFrom, advice: advice)
            }
        }
        .flatMap(\.self)
        let manifests = loaded.files.filter { $0.role == .manifest }
        return .reading(
            CommitReading(
                commit: commit, head: state.head, declared: loaded.catalog, applied: applied,
                totals: CatalogTotals(applied), warnings: loaded.diagnostics, settings: loaded.settings,
                settingsPlaces: loaded.settingsPlaces, advice: notes.flatMap(\.advice).sorted(), graph: graph,
                record: SourceRecord(
                    commit: commit, directory: directory, reader: program, changes: nil, manifests: manifests.count,
                    bytes: manifests.reduce(0) { $0 + $1.size }, counts: CatalogTotals(loaded.catalog).counts,
                    files: loaded.files,
                    references: zip(loaded.catalog.resources, graph.references).map {
                        SourceReferences($0.id, new: $0.listener == nil ? $1 : $1 + $0.runsHeard)
                    }, notes: notes)))
    }

    /// The sound part of a commit, where what is in force asks for that.
    private static func isolated(
        _ commit: String, _ loaded: LoadedCatalog, _ state: AppliedState, _ applied: Catalog
    ) -> CommitReading.Outcome? {
        guard state.head.settings(for: commit)?.apply == .perResource,
            let isolation = Isolation(loaded, applied: applied)
        else {
            return nil
        }
        let graph = UseGraph(isolation.catalog)
        return .reading(
            CommitReading(
                commit: commit, head: state.head, declared: isolation.catalog, applied: applied,
                totals: CatalogTotals(applied), warnings: loaded.diagnostics.filter { $0.severity == .warning },
                settings: loaded.settings, settingsPlaces: loaded.settingsPlaces,
                advice: CatalogAdvice(isolation.catalog, graph).warnings, graph: graph,
                record: nil, stale: isolation.stale, unheld: isolation.unheld))
    }
}
