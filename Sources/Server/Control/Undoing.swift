import Apply
import State
import Values

/// Takes back what an operator was shown, and nothing else.
package struct Undoing: Sendable {
    private let store: StateStore
    private let zones: ZoneDatabase
    private let now: @Sendable () -> Instant

    package init(store: StateStore, zones: ZoneDatabase, now: @escaping @Sendable () -> Instant) {
        self.store = store
        self.zones = zones
        self.now = now
    }

    /// Throws an `UndoRefusal`, an `UndoOutOfDate` or a `StateError`; nothing is changed then.
    ///
    /// - Parameter plan: the digest of what was shown
    /// - Returns: the number of the new revision
    package func undo(_ target: UndoTarget, plan: Digest, actor: String) throws -> Int {
        let at = now()
        let undo = try UndoPlanner(store.reader, zones: zones).undo(target, asOf: at)
        guard undo.plan.digest == plan, undo.plan.refusals.isEmpty else { throw UndoOutOfDate() }
        guard case .applied(let revision) = try Applier(store, zones: zones).undo(undo, actor: actor, at: at) else {
            throw UndoOutOfDate()
        }
        return revision.number
    }
}

/// Between showing and doing, something else was applied.
package struct UndoOutOfDate: Error, Sendable, CustomStringConvertible {
    package let description =
        "what is in force has changed since this was planned: look again with `writ undo --dry-run`"
}
