import Apply
import Git
import Logging
import Spec
import State
import Values

/// One look at the branch: reads its head, plans it, applies it where it may be, and records what came of it.
///
/// A bad commit changes nothing: the last good revision stays, and every diagnostic is recorded (DESIGN.md rule 3).
struct Reconciliation {
    let repository: RepositoryOptions
    let signers: SignerOptions
    private let followed: FollowedBranch
    let store: StateStore
    let logger: Logger
    let now: @Sendable () -> Instant
    private let drift = DriftWatch.Told()
    private let purging = Purging()

    init(
        repository: RepositoryOptions, signers: SignerOptions, branch: String?, store: StateStore, logger: Logger,
        now: @escaping @Sendable () -> Instant
    ) {
        self.repository = repository
        self.signers = signers
        followed = FollowedBranch(branch)
        self.store = store
        self.logger = logger
        self.now = now
    }

    /// Throws only what the state throws: without it nothing can be recorded.
    ///
    /// - Parameter anew: look at a commit again that was judged before, as after an update of writ itself
    @discardableResult
    func run(anew: Bool) throws(StateError) -> Observation.Outcome {
        let purged = try purging.purge(store, at: now())
        if !purged.isEmpty {
            logger.notice("purged what was deleted long ago", metadata: ["count": .stringConvertible(purged.count)])
        }
        try DriftWatch(repository: repository, store: store, logger: logger, now: now, told: drift)
            .look(thoroughly: anew)
        let applied = try store.reader.appliedHead()
        let observation: Observation
        do {
            observation = try lookTwice(applied, anew: anew)
        } catch let error as StateError {
            throw error
        } catch {
            if let remote = try? RemoteSource(repository), error.saysOfDamage { remote.cache.markDamaged() }
            let message = CommandFailure(known: error)?.message ?? "\(error)"
            observation = Observation(
                commit: nil, branch: followed.name, at: now(), outcome: .unreadable, revision: applied.revision?.number,
                message: message)
        }
        // An applied revision comes with its own observation, in the same transaction.
        guard observation.outcome != .applied else { return .applied }
        if try store.record(observation, touching: true) { log(observation) }
        return observation.outcome
    }

    /// Whether the repository is behind a URL.
    var isFetched: Bool {
        if case .url = RepositoryLocation(repository.location) { true } else { false }
    }

    /// Between learning the head and reading it, a forced push and a prune may have taken it away (fault B56).
    private func lookTwice(_ applied: AppliedHead, anew: Bool) throws -> Observation {
        do {
            return try look(applied, anew: anew)
        } catch let error as GitError where error.mayPass {
            return try look(applied, anew: anew)
        }
    }

    private func look(_ applied: AppliedHead, anew: Bool) throws -> Observation {
        let configuration = try Configuration(repository, signers: signers)
        let repository = configuration.repository
        let chosen = try followed.settle(repository.headBranch) { name in
            let message = name == nil ? "follows HEAD, which is on no branch" : "follows the branch that HEAD is on now"
            logger.notice("\(message)", metadata: name.map { ["branch": "\($0)"] })
        }
        // HEAD itself may come to a branch again.
        let name = try chosen ?? repository.headBranch()
        let commit = try name.map(repository.resolveBranch) ?? repository.resolve("HEAD")
        func observed(
            _ outcome: Observation.Outcome, _ message: String, _ diagnostics: [Diagnostic] = []
        ) -> Observation {
            Observation(
                commit: commit.text, branch: name, at: now(), outcome: outcome, revision: applied.revision?.number,
                message: message, diagnostics: .array(diagnostics.prefix(Observation.diagnosticsLimit).map(\.json)))
        }
        let continuity = ContinuityCheck(configuration, isServing: true)
        if let problem = continuity.directoryProblem(from: applied) { return observed(.rejected, problem) }
        let last = try store.reader.latestObservation()
        // An unchanged head costs a ref look-up.
        if applied.revision?.commit == commit.text {
            // With `apply: perResource` parts of it may be broken, which is true as long as it is the head.
            let isKnown = last?.commit == commit.text && last?.revision == applied.revision?.number
            let isPartial = isKnown && last?.isPartial == true
            return Observation(
                commit: commit.text, branch: name, at: now(), outcome: .unchanged, revision: applied.revision?.number,
                message: UndoneCommit.note(commit, applied)
                    ?? (isPartial ? "no changes; what the commit says is broken in part" : "no changes"),
                diagnostics: isPartial ? last?.diagnostics ?? [] : [])
        }
        if !anew, let last, last.commit == commit.text,
            last.revision == applied.revision?.number, last.outcome == .unchanged || last.outcome == .rejected
        {
            return Observation(
                commit: commit.text, branch: name, at: now(), outcome: last.outcome,
                revision: applied.revision?.number, message: last.message, diagnostics: last.diagnostics)
        }
        if let problem = try continuity.problem(commit, from: applied) {
            return observed(.rejected, problem)
        }
        if let problem = try SignatureCheck(configuration, applied).problem(commit) {
            return observed(.rejected, problem)
        }
        let planning = Planning(configuration: configuration, state: store.reader)
        switch try planning.plan(commit, asOf: now(), fully: anew) {
        case .invalid(let diagnostics, let applied):
            return .rejection(of: commit, branch: name, diagnostics, applied, at: now())
        case .plan(let plan):
            return try apply(plan, commit, name, configuration, observed)
        }
    }

    private func apply(
        _ plan: Plan, _ commit: ObjectID, _ branch: String?, _ configuration: Configuration,
        _ observed: (Observation.Outcome, String, [Diagnostic]) -> Observation
    ) throws -> Observation {
        let settings = try store.reader.repositorySettings() ?? .standard
        let outcome = try Applier(store, zones: SystemZones.database).apply(
            plan, commit: commit.text, branch: branch, directory: configuration.directory, actor: "writ serve",
            at: now(), restores: settings.drift == .heal)
        switch outcome {
        case .applied(let revision):
            if let redone = plan.redone {
                let names = redone.resources.prefix(10).map(\.description).joined(separator: ", ")
                logger.warning(
                    "the branch brings back what was undone",
                    metadata: ["undone": .stringConvertible(redone.revision), "resources": "\(names)"])
            }
            logger.notice(
                "applied a revision",
                metadata: [
                    "revision": .stringConvertible(revision.number), "commit": "\(commit.text)",
                    "plan": "\(PlanText.summary(plan))",
                ])
            log(plan.mistakes.map(\.json), ["commit": "\(commit.text)"])
            return observed(.applied, plan.message, plan.errors + plan.warnings)
        case .unchanged:
            log(plan.mistakes.map(\.json), ["commit": "\(commit.text)"])
            let left = plan.leftOut.map { "; \($0)" } ?? ""
            return observed(.unchanged, "\(plan.quietMessage)\(left)", plan.errors + plan.warnings)
        case .refused(let diagnostics):
            return .refusal(of: commit, branch: branch, diagnostics, try store.reader.appliedHead(), at: now())
        }
    }

    private func log(_ observation: Observation) {
        let commit: Logger.Metadata = ["commit": "\(observation.commit ?? "")"]
        let kept = observation.revision == nil ? "nothing is in force yet" : "the last good revision stays"
        switch observation.outcome {
        case .applied, .unchanged:
            // Something that was undone is no more than the branch still says.
            let isApplied = observation.message == "no changes"
            logger.info("\(isApplied ? "the branch says what is applied" : observation.message)", metadata: commit)
        case .rejected:
            logger.error("rejected, \(kept): \(observation.message)", metadata: commit)
            log(observation.diagnostics.array ?? [], commit)
        case .unreadable:
            logger.error("the repository cannot be read, \(kept): \(observation.message)")
        }
    }

    private func log(_ diagnostics: [JSON], _ commit: Logger.Metadata) {
        for diagnostic in diagnostics.prefix(20) {
            let place = [
                diagnostic["path"]?.string, diagnostic["line"]?.int.map(String.init),
                diagnostic["column"]?.int.map(String.init),
            ].compactMap { $0 }.joined(separator: ":")
            logger.error("\(place): \(diagnostic["message"]?.string ?? "")", metadata: commit)
        }
    }
}
