import Apply
import ArgumentParser
import Git
import Spec
import State
import Values

struct ApplyCommit: ParsableCommand, ReportingCommand {
    static let word = "apply"
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make a commit the truth: HEAD, --rev, or exactly a saved plan.")

    @Argument(help: "A plan saved with `writ plan --out`; refused if the same would not happen any more.")
    var plan: String?

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var signers: SignerOptions
    @OptionGroup var revision: RevisionOption
    @OptionGroup var state: StateOptions

    @Flag(help: "Apply a commit that does not descend from the applied one")
    var allowRewind = false

    @Flag(help: "Apply the manifests of another directory than the applied revision's")
    var allowPathChange = false

    @Flag(help: "Apply a commit again that `writ undo` took back; naming it with --rev says the same")
    var allowUndone = false

    @Option(
        help: ArgumentHelp("Agree to exactly this many deletions, where they are more than usual", valueName: "n"))
    var allowDeletes: Int?

    @Flag(help: "Read every file, also those that are as they were applied")
    var full = false

    @OptionGroup var output: ApplyOutputOptions

    var reportFormat: ReportFormat { get throws { ReportFormat(rawValue: try output.format.rawValue) ?? .text } }

    func run() throws {
        do {
            try ReaderRetry.once(perform)
        } catch {
            noteUnreadable(error)
            throw error
        }
    }

    private func perform() throws {
        let saved = try plan.map(SavedPlan.init(readFrom:))
        let source = try saved?.completing(source) ?? source
        let configuration = try Configuration(source, signers: signers, quiet: output.isQuiet)
        // Before the lock is taken: a commit that is not valid needs no writer.
        let path = try configuration.statePath(state)
        let reader = try StateAccess.readerIfThere(at: path, toChangeBy: "writ apply")
        let seen = try reader?.appliedHead() ?? .nothing
        if let saved, let reader, try isInForce(saved, reader, configuration) { return }
        var (commit, planned) = try chosen(saved, configuration, reader)
        configuration.prepareStatePlace(state)
        let turn = try turn(at: path, toApply: commit, on: seen)
        defer { turn.end() }
        if let reader, try isRecorded(planned, commit, seen, configuration, reader) {
            return try report(.unchanged, planned)
        }
        let store = try StateAccess.open(turn)
        defer { try? store.close() }
        let applied = try store.reader.appliedHead()
        if try isOutdated(planned, seen, store.reader) {
            (commit, planned) = try chosen(saved, configuration, store.reader)
        }
        if !allowUndone, !planned.isEmpty, saved != nil || revision.rev == nil {
            try UndoneCommit.check(commit, applied)
        }
        let known = full ? nil : try store.reader.followedCommit(below: configuration.directory)
        let continuity = ContinuityCheck(configuration, followed: known)
        if let problem = try continuity.problem(
            commit, from: applied, allowRewind: allowRewind, allowPathChange: allowPathChange)
        {
            // Another commit than the branch's was named by hand, and is nothing that the branch came to.
            if let branch = try branch(of: commit, configuration) {
                try store.record(
                    .rejection(of: commit, branch: branch, [], applied, at: SystemTime.now(), message: problem))
            }
            throw CommandFailure(problem, .refused).of(commit, on: applied)
        }
        if try isRefused(planned, commit, applied) {
            try store.record(
                .refusal(
                    of: commit, branch: try branch(of: commit, configuration), planned.refusals, applied,
                    at: SystemTime.now()))
            throw ExitCode.failure
        }
        // Where nothing is to be recorded, nobody asks for it.
        let isNews = !planned.isEmpty || planned.sources != nil
        let branch = isNews ? try branch(of: commit, configuration) : nil
        let text = try textAhead(of: planned)
        let outcome = try output.working("Applying commit \(commit.shortText)") {
            try Applier(store, zones: SystemZones.database).apply(
                planned, commit: commit.text, branch: branch, directory: configuration.directory, actor: Actor.current,
                at: SystemTime.now())
        }
        try report(outcome, planned, text)
        if let left = planned.leftOut {
            Terminal.talk("Commit \(commit.shortText): \(left).")
            throw ExitCode.failure
        }
    }

    private func turn(at path: String, toApply commit: ObjectID, on applied: AppliedHead) throws -> StateTurn {
        do {
            return try StateAccess.turn(at: path, command: "writ apply")
        } catch let error as StateError {
            guard let failure = CommandFailure(known: error) else { throw error }
            throw failure.of(commit, on: applied)
        }
    }

    /// Whether somebody applied or looked at a commit since the plan was made.
    private func isOutdated(_ plan: Plan, _ seen: AppliedHead, _ state: StateReader) throws -> Bool {
        guard try state.appliedHead() == seen else { return true }
        guard let changes = plan.sources?.changes else { return false }
        return try state.sourceIndex()?.serial != changes
    }

    /// Whether the state says all of it already, so that nothing is opened for writing.
    private func isRecorded(
        _ plan: Plan, _ commit: ObjectID, _ seen: AppliedHead, _ configuration: Configuration, _ state: StateReader
    ) throws -> Bool {
        guard plan.isEmpty, allowDeletes == nil, plan.leftOut == nil, try !isOutdated(plan, seen, state) else {
            return false
        }
        let known = full ? nil : try state.followedCommit(below: configuration.directory)
        let problem = try ContinuityCheck(configuration, followed: known).problem(
            commit, from: seen, allowRewind: allowRewind, allowPathChange: allowPathChange)
        guard problem == nil else { return false }
        return try Applier.isRecorded(
            plan, commit: commit.text, directory: configuration.directory, in: state, at: SystemTime.now())
    }

    /// What is to be applied, and its plan.
    private func chosen(
        _ saved: SavedPlan?, _ configuration: Configuration, _ state: StateReader?
    ) throws -> (ObjectID, Plan) {
        if let saved { return try chosen(by: saved, configuration, state) }
        let commit = try configuration.resolve(
            revision.name, known: full ? nil : state?.followedCommit(below: configuration.directory))
        try verify(commit, configuration, try state?.appliedHead() ?? .nothing)
        return (commit, try checked(commit, configuration, state))
    }

    /// The plan of a valid commit; prints what is wrong with another one and ends.
    func checked(_ commit: ObjectID, _ configuration: Configuration, _ state: StateReader?) throws -> Plan {
        let asOf = SystemTime.now()
        let outcome = try output.working("Planning commit \(commit.shortText)") {
            try Planning(configuration: configuration, state: state).plan(
                commit, asOf: asOf, allowedDeletes: allowDeletes, fully: full)
        }
        switch outcome {
        case .plan(let plan): return plan
        case .invalid(let diagnostics, let applied):
            let object = Plan.rejected(
                commit: commit.text, basis: applied.basis, asOf: asOf, diagnostics: diagnostics)
            let verdict = "Commit \(commit.shortText) is not valid (\(DiagnosticList(diagnostics).summary ?? ""))"
            try report(diagnostics, object, verdict, applied)
            if !allowPathChange, let problem = ContinuityCheck(configuration).directoryProblem(from: applied) {
                // Another directory was named by hand, or none by mistake: that says nothing of the branch.
                Terminal.talk("Nothing is recorded of it: \(problem).")
            } else {
                try record(diagnostics, commit, configuration, applied)
            }
            throw ExitCode.failure
        }
    }

    /// Ends where the commit's signature does not count, and notes that; before anything of the commit is read.
    func verify(_ commit: ObjectID, _ configuration: Configuration, _ applied: AppliedHead) throws {
        guard let problem = try SignatureCheck(configuration, applied).problem(commit) else { return }
        try record([], commit, configuration, applied, problem)
        throw CommandFailure(problem, .refused).of(commit, on: applied)
    }

    /// Whether the plan may not be applied; says what would have to be said.
    private func isRefused(_ plan: Plan, _ commit: ObjectID, _ applied: AppliedHead) throws -> Bool {
        let deletes = plan.count(.delete)
        if let allowDeletes, allowDeletes != deletes {
            throw CommandFailure(
                "applying would delete \(deletes == 1 ? "1 resource" : "\(deletes) resources"), not \(allowDeletes): see `writ plan`",
                .refused
            ).of(commit, on: applied)
        }
        guard !plan.refusals.isEmpty else { return false }
        var object = plan.json.object ?? [:]
        object["diagnostics"] = .array(plan.refusals.map(\.json))
        try report(plan.refusals, .object(object), "Commit \(plan.commit?.prefix(12) ?? "") is not applied", applied)
        return true
    }

    /// Notes the rejection where something is recorded already, as `serve` does (DESIGN.md rule 3). Who holds the lock
    /// keeps a record of its own.
    private func record(
        _ diagnostics: [Diagnostic], _ commit: ObjectID, _ configuration: Configuration, _ applied: AppliedHead,
        _ message: String? = nil
    ) throws {
        let branch = try branch(of: commit, configuration)
        try record { _ in
            .rejection(of: commit, branch: branch, diagnostics, applied, at: SystemTime.now(), message: message)
        }
    }

    private func record(_ observation: (AppliedHead) -> Observation?) throws {
        let path = try RecordedState.path(source, state)
        guard try StateReader.open(at: path) != nil else { return }
        do {
            let store = try StateAccess.store(at: path, command: "writ apply")
            defer { try? store.close() }
            if let observation = observation(try store.reader.appliedHead()) { try store.record(observation) }
        } catch let error as StateError {
            guard case .locked = error.code else { throw error }
        }
    }

    /// The branch that HEAD is on, where the commit is its tip: another commit is on no branch that we know of.
    private func branch(of commit: ObjectID, _ configuration: Configuration) throws -> String? {
        guard let name = try configuration.repository.headBranch(),
            (try? configuration.repository.resolveBranch(name)) == commit
        else { return nil }
        return name
    }

    /// Notes that the branch cannot be read, as `serve` does: what is in force stays. Another commit than the branch's was
    /// named by hand.
    private func noteUnreadable(_ error: any Error) {
        guard plan == nil, revision.rev == nil, Environment["WRIT_REV"] == nil,
            error is GitError || error is SourceError || error is ReaderError || error is ReaderError.Told
        else { return }
        let configuration = try? Configuration(source, quiet: true, fetches: false)
        try? record { applied in
            // Another directory than the applied one was named by hand too.
            guard applied.revision?.directory == source.directory else { return nil }
            return Observation(
                commit: nil, branch: try? configuration?.repository.headBranch(), at: SystemTime.now(),
                outcome: .unreadable, revision: applied.revision?.number,
                message: CommandFailure(known: error)?.message ?? "\(error)")
        }
    }
}
