import Spec
import State
import Synchronization
import Values

/// One applied revision, ready to be used.
package struct RevisionInForce: Sendable {
    package let revision: Revision
    package let catalog: Catalog
    package let router: Router
    /// Runs of an agent at the same time.
    private let concurrency: [String: Int]

    init(_ state: AppliedState, _ revision: Revision) {
        self.revision = revision
        catalog = Catalog(
            state.resources.map { Resource(id: $0.id, manifest: $0.manifest, digest: $0.digest, place: $0.place) })
        router = Router(catalog)
        concurrency = Dictionary(catalog.all(Agent.self).map { ($0.name, $0.spec.limits.concurrency.value) }) {
            first, _ in
            first
        }
    }

    /// An agent that is gone works off what it still has, one run at a time.
    func concurrency(of agent: String) -> Int { concurrency[agent] ?? 1 }

    /// Why the target of a trigger would refuse to run.
    func suspension(of target: RunTarget) -> String? {
        switch target {
        case .agent(let name):
            catalog.spec(Agent.self, named: name)?.suspend == true ? "agent \(name) is suspended" : nil
        case .tool(let name):
            catalog.spec(Tool.self, named: name)?.suspend == true ? "tool \(name) is suspended" : nil
        }
    }

    /// Of the target's manifest.
    func digest(of target: RunTarget) -> Digest? {
        switch target {
        case .agent(let name): catalog[Agent.id(name)]?.digest
        case .tool(let name): catalog[Tool.id(name)]?.digest
        }
    }
}

/// The catalogs of the revision in force and of those that running work began with. Level-triggered: it is never told
/// of a revision, it compares numbers.
package final class AppliedCatalog: Sendable {
    private struct Cache {
        var current: RevisionInForce?
        /// Newest use last.
        var past: [RevisionInForce] = []

        mutating func remember(_ revision: RevisionInForce) {
            past.removeAll { $0.revision.number == revision.revision.number }
            past.append(revision)
            if past.count > AppliedCatalog.pastLimit { past.removeFirst() }
        }
    }

    /// Revisions that running work may still need; others are read again.
    private static let pastLimit = 8

    private let reader: StateReader
    private let cache = Mutex(Cache())

    package init(_ reader: StateReader) {
        self.reader = reader
    }

    /// `nil` before the first revision.
    package func current() throws(StateError) -> RevisionInForce? {
        guard let latest = try reader.latestRevision() else { return nil }
        if let known = cache.withLock({ $0.current }), known.revision.number == latest.number { return known }
        let state = try reader.appliedState()
        guard let revision = state.revision else { return nil }
        let read = RevisionInForce(state, revision)
        cache.withLock { cache in
            if let old = cache.current { cache.remember(old) }
            cache.current = read
        }
        return read
    }

    /// What was in force at a revision, which is what a run that began then ends on (DESIGN.md rule 7).
    package func at(_ number: Int) throws(StateError) -> RevisionInForce? {
        let known = cache.withLock { cache -> RevisionInForce? in
            if let current = cache.current, current.revision.number == number { return current }
            return cache.past.first { $0.revision.number == number }
        }
        if let known { return known }
        guard let state = try reader.appliedState(at: number), let revision = state.revision else { return nil }
        let read = RevisionInForce(state, revision)
        cache.withLock { $0.remember(read) }
        return read
    }
}
