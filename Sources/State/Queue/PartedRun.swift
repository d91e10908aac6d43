import GRDB
import Spec
import Values

/// A skipped run, parted by the instants that it stands for: some of them are to run, and the rest stays recorded.
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
    /// Parts runs and queues what is retried of them, in one transaction. The rest keeps its run's id where there is any.
    ///
    /// Throws `conflict` where a run is not as it was read.
    ///
    /// - Returns: what was queued, run by run
    package func retry(_ parted: [PartedRun], actor: String, at now: Instant) throws(StateError) -> [OperatedRun] {
        try write("retrying missed instants") { db in
            try parted.flatMap { parted in
                guard try db.isSkipped(parted.run, for: parted.instants) else {
                    throw StateError(.conflict, "the run \(parted.run) was changed meanwhile: look at it again")
                }
                let queued = parted.retried.compactMap { InstantSpan([$0]) }
                let ids = try self.part(parted.run, into: parted.rest + queued, in: db).dropFirst(parted.rest.count)
                for id in ids { try db.queueAgain(id, actor: actor, at: now) }
                return zip(ids, parted.retried).map { OperatedRun($0, scheduledAt: $1) }
            }
        }
    }
}
