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
        for resource in catalog.resources {
            counts[resource.id.kind, default: 0] += 1
            if resource.id.kind == .trigger, !resource.isSuspended { enabled += 1 }
        }
        self.init(counts: counts, enabledTriggers: enabled)
    }

    var count: Int { counts.values.reduce(0, +) }
}

extension Resource {
    /// As its canonical manifest says, which leaves defaults out.
    var isSuspended: Bool { manifest["spec"]?["suspend"] == true }
}
