import GRDB
import Spec
import Values

/// A skipped run that stands for several missed instants, parted: some of them are to run, and the rest stays recorded.
package struct PartedRun: Sendable, Hashable {
    package let run: String
    /// What it stood for when it was read.
    package let instants: InstantSpan
    package let retried: [Instant]
    package let rest: [InstantSpan]

    package init(run: String, instants: InstantSpan, retried: [Instant], rest: [InstantSpan]) {
        self.run = run
        self.instants = instants
        self.retried = retried
        self.rest = rest
    }
}

extension StateStore {
    /// Parts a run and queues what is retried of it, in one transaction. The rest keeps the run's id where there is any.
    ///
    /// Throws `notFound`, and `conflict` where the run is not as it was read.
    ///
    /// - Returns: the ids of what was queued
    package func retry(_ parted: PartedRun, actor: String, at now: Instant) throws(StateError) -> [String] {
        try write("retrying missed instants") { db in
            guard let row = try db.row("SELECT \(Run.columns) FROM run WHERE id = :id", ["id": parted.run]) else {
                throw StateError(.notFound, "there is no run \(parted.run)")
            }
            guard InstantSpan(of: try Run(row: row)) == parted.instants else {
                throw StateError(.conflict, "the run \(parted.run) was changed meanwhile: look at it again")
            }
            let queued = parted.retried.compactMap { InstantSpan([$0]) }
            let ids = try self.part(parted.run, into: parted.rest + queued, in: db).dropFirst(parted.rest.count)
            for id in ids { try db.queueAgain(id, actor: actor, at: now) }
            return Array(ids)
        }
    }
}
