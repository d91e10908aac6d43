import Spec
import Values

/// How much is in force, for a plan that sees a part of it.
package struct CatalogTotals: Sendable {
    /// Resources by kind.
    package let counts: [KindName: Int]
    /// Triggers that are not suspended.
    package let enabledTriggers: Int

    package init(counts: [KindName: Int], enabledTriggers: Int) {
        self.counts = counts
        self.enabledTriggers = enabledTriggers
    }

    package init(_ catalog: Catalog) {
        var counts: [KindName: Int] = [:]
        var enabled = 0
        for kind in catalog.kinds {
            let resources = catalog.resources(of: kind)
            counts[kind] = resources.count
            if kind == .trigger { enabled = resources.count { !$0.isSuspended } }
        }
        self.init(counts: counts, enabledTriggers: enabled)
    }

    var count: Int { counts.values.reduce(0, +) }
}
