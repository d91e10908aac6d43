import Apply
import Git
import Logging
import Spec
import State
import Synchronization
import Values

/// Looks for recorded resources that were altered behind Writ's back, and puts them back to what was applied, as
/// `drift` in `writ.yaml` of the applied commit says. While nobody altered anything, that costs a look at an index.
struct DriftWatch {
    /// What was told already, so that it is not told at every look.
    final class Told: Sendable {
        private let last = Mutex<Int?>(nil)

        /// Whether this is news.
        func note(_ alteration: Int?) -> Bool {
            last.withLock { last in
                defer { last = alteration }
                return last != alteration || alteration == nil
            }
        }

        func isKnown(_ alteration: Int?) -> Bool { last.withLock { $0 != nil && $0 == alteration } }
    }

    let repository: RepositoryOptions
    let store: StateStore
    let logger: Logger
    let now: @Sendable () -> Instant
    let told: Told

    /// - Parameter thoroughly: read all that is recorded, also where the state noted no alteration
    func look(thoroughly: Bool) throws(StateError) {
        let alteration = try store.reader.lastAlteration()
        guard alteration != nil || thoroughly, !told.isKnown(alteration) else { return }
        let settingsID = try store.reader.alteredSettings().map { _ in Drift.settingsID }
        let misplaced = MisplacedSchedule.all(in: try store.reader.recordedSchedules())
        let altered =
            [settingsID].compactMap(\.self) + (try store.reader.alteredResources().map(\.id)) + misplaced.map(\.id)
            + (try store.reader.misplacedResources().map(\.id))
        guard alteration != nil || !altered.isEmpty else { return }
        let settings = try store.reader.repositorySettings() ?? .standard
        guard settings.drift == .heal else {
            tell("altered behind writ's back, and left (drift: report)", altered, alteration)
            return
        }
        do {
            try heal(alteration)
        } catch let error as StateError {
            throw error
        } catch {
            let message = CommandFailure(known: error)?.message ?? "\(error)"
            tell("altered behind writ's back, and cannot be restored now: \(message)", altered, alteration)
        }
    }

    private func heal(_ alteration: Int?) throws {
        let head = try store.reader.appliedHead()
        guard let revision = head.revision, let applied = ObjectID(revision.commit) else { return }
        let configuration = try Configuration(repository)
        // Its texts may stand elsewhere since, and are recorded so.
        let followed = head.followed.flatMap { ObjectID($0) }
        let commit = followed.flatMap { (try? configuration.repository.commit($0))?.id } ?? applied
        if let problem = ContinuityCheck(configuration, isServing: true).directoryProblem(from: head) {
            throw CommandFailure(problem)
        }
        let planning = Planning(configuration: configuration, state: store.reader)
        guard case .plan(var plan) = try planning.plan(commit, asOf: now(), fully: true) else {
            throw CommandFailure("commit \(commit.shortText) is not valid for this version of writ")
        }
        // A later commit may have said something else of them, and changed nothing besides.
        plan.settings = try store.reader.repositorySettings() ?? .standard
        let unknown = plan.drift.filter { $0.outcome == .unknown }.map(\.id)
        if !unknown.isEmpty {
            tell(
                "altered behind writ's back, and commit \(commit.shortText) does not say what was", unknown, alteration)
            guard unknown.count < plan.drift.count else { return }
        }
        let applier = Applier(store, zones: SystemZones.database)
        var restored = plan.drift.filter { $0.outcome != .unknown }.map(\.id)
        if revision.undoes != nil {
            // It differs from its commit because somebody wanted that.
            let misplaced = try misplaced(plan)
            if !misplaced.isEmpty {
                tell(
                    "taken in or out of force behind writ's back since an undo; apply a commit that says what is to be",
                    misplaced.map(\.id), alteration)
            }
            guard misplaced.isEmpty || !plan.restored.isEmpty else { return }
            let digests = misplaced.compactMap { ($0.after ?? $0.before)?.digest }
            try applier.restore(plan, missing: digests, actor: "writ serve", at: now())
        } else if plan.isEmpty {
            try applier.restore(plan, actor: "writ serve", at: now())
        } else if case .refused(let diagnostics) = try applier.apply(
            plan, commit: commit.text, branch: revision.branch, directory: revision.directory, actor: "writ serve",
            at: now())
        {
            throw CommandFailure(diagnostics.first?.message ?? "the plan is refused")
        } else {
            restored += plan.changes.map(\.id)
        }
        guard !restored.isEmpty else { return }
        logger.warning("restored what was altered behind writ's back", metadata: ["resources": "\(names(restored))"])
    }

    /// What no revision created, or deleted, and is there or gone all the same.
    private func misplaced(_ plan: Plan) throws(StateError) -> [PlannedChange] {
        var misplaced: [PlannedChange] = []
        for change in plan.changes {
            let last = try store.reader.changes(of: change.id, Page(limit: 1)).items.first
            let isDeclared = last.map { $0.id == change.id && $0.action != .delete } ?? false
            if change.before == nil ? isDeclared : change.after == nil && !isDeclared { misplaced.append(change) }
        }
        return misplaced
    }

    private func tell(_ message: String, _ ids: [ResourceID], _ alteration: Int?) {
        guard told.note(alteration), !ids.isEmpty else { return }
        logger.error("\(message)", metadata: ["resources": "\(names(ids))"])
    }

    private func names(_ ids: [ResourceID]) -> String {
        Set(ids).sorted().prefix(10).map(\.description).joined(separator: ", ")
            + (ids.count > 10 ? " and \(ids.count - 10) more" : "")
    }
}
