import Spec
import State
import Values

/// What of a broken commit can be applied without the rest: the sound resources, and the last good version of those that
/// are broken, or that change and need what is broken, through others too.
///
/// What was applied last was valid as a whole, so that falling back on it, resource by resource, always ends well.
package struct Isolation: Sendable {
    /// Valid as a whole.
    package private(set) var catalog: Catalog
    /// In order of identity.
    package private(set) var stale: [StaleResource]
    /// Mistakes that keep none of them back, in order of place: in what could not be read, and names nothing.
    package private(set) var unheld: [Diagnostic]

    /// Nil where the trouble is with no resource, as in `writ.yaml`.
    package init?(_ loaded: LoadedCatalog, applied: Catalog) {
        guard !loaded.files.contains(where: { $0.role == .settings && $0.diagnostics.hasErrors }),
            // Then it is not known any more which files have mistakes.
            !loaded.diagnostics.contains(where: { $0.code == .tooManyProblems })
        else { return nil }
        var fallback = Fallback(loaded, applied)
        fallback.settle()
        catalog = Catalog(Array(fallback.chosen.values))
        stale = fallback.stale
        unheld = fallback.unheld(loaded)
        guard ReferenceCycles.diagnostics(of: catalog).isEmpty, !catalog.resources.isEmpty else { return nil }
    }
}
