import Apply
import ArgumentParser
import Git
import State
import Values

struct ShowPlan: AsyncParsableCommand, ReportingCommand {
    static let word = "plan"
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what applying a commit would change.",
        discussion: "Writes nothing and needs no secrets: the same commit, state and --at give the same bytes.")

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var signers: SignerOptions
    @OptionGroup var revision: RevisionOption
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOption

    @Option(help: ArgumentHelp("Save the plan, for `writ apply FILE`", valueName: "file"))
    var out: String?

    @Flag(help: "Read every file, also those that are as they were applied")
    var full = false

    @Flag(help: "Exit with 2 when there are changes")
    var detailedExitcode = false

    @OptionGroup var impact: ImpactOptions

    @Option(help: ArgumentHelp("How many recorded events are routed through the plan, newest first", valueName: "n"))
    var events = 500

    @OptionGroup var baseline: BaselineOptions
    @OptionGroup var output: ReportOptions

    var reportFormat: ReportFormat { get throws { try output.format } }

    func validate() throws {
        guard (0...100_000).contains(events) else { throw ValidationError("--events takes a number up to 100000") }
        guard out != "-" else {
            throw ValidationError("--out takes a file: `-o json` prints the plan, which can be saved as it is")
        }
        guard out != "" else { throw ValidationError("--out is empty: name a file") }
        if baseline.place != nil, state.state != nil {
            throw ValidationError("--baseline takes the place of a state: leave --state out")
        }
    }

    func run() async throws {
        let given = try await baseline.read()
        try ReaderRetry.once { try perform(against: given) }
    }

    private func perform(against given: Baseline?) throws {
        let format = try output.format
        let configuration = try Configuration(source, signers: signers, quiet: output.isQuiet)
        let reader = given == nil ? try StateReader.open(at: try configuration.statePath(state)) : nil
        UntilExit.keep(reader)
        let known = full ? nil : try reader?.followedCommit(below: configuration.directory)
        let commit = try configuration.resolve(revision.name, known: known)
        let asOf = try clock.instant()
        let report = PlanReport(
            format: format, isColored: output.isColored, path: configuration.directory,
            command: repeated(commit), refusesReach: impact.refusesReach)
        let ahead = format == .text && !output.isColored && given == nil && reader == nil ? CreationsAhead() : nil
        let (outcome, applied) = try outcome(commit, configuration, asOf, given, reader, ahead)
        switch outcome {
        case .invalid(let diagnostics, _):
            report.show(
                diagnostics, commit: commit.text,
                object: Plan.rejected(
                    commit: commit.text, basis: applied.basis, asOf: asOf, diagnostics: diagnostics))
            if format == .text {
                output.talk(
                    "Commit \(commit.shortText) cannot be planned: \(DiagnosticList(diagnostics).summary ?? "").")
            }
            throw ExitCode.failure
        case .plan(var plan):
            // Before anything is shown: what throws here may be tried once more.
            let check = ContinuityCheck(configuration, followed: known)
            let problem = try check.directoryProblem(from: applied) ?? check.problem(commit, from: applied)
            let unsigned = try SignatureCheck(configuration, applied).problem(commit)
            let undone = plan.isEmpty ? nil : UndoneCommit.problem(commit, applied)
            plan.hindrance = (problem ?? undone ?? unsigned).map(displayed)
            report.show(plan, ahead?.texts)
            UntilExit.keep(plan)
            // The text says so itself.
            if format != .text, let hindrance = plan.hindrance { output.talk("It would not be applied: \(hindrance)") }
            if !plan.problems.isEmpty { throw ExitCode.failure }
            if let out { try SavedPlan(plan).write(to: out) }
            if plan.isPartial { throw ExitCode.failure }
            try impact.check(plan, output)
            if detailedExitcode, !plan.doesNothing { throw ExitCode(2) }
        }
    }

    /// What prints the whole of it.
    private func repeated(_ commit: ObjectID) -> String {
        RepeatedCommand(
            ["writ", "plan"],
            [
                ("--rev", commit.shortText), ("--state", baseline.place == nil ? state.file : nil),
                ("--baseline", baseline.place.map(RepositoryLocation.withoutCredentials)),
            ], of: source
        ).text
    }

    /// Against what is recorded, or what somebody who may read it gave away of it.
    private func outcome(
        _ commit: ObjectID, _ configuration: Configuration, _ asOf: Instant, _ baseline: Baseline?,
        _ state: StateReader?, _ ahead: CreationsAhead?
    ) throws -> (PlanningOutcome, AppliedHead) {
        if let baseline {
            let planning = BaselinePlanning(configuration: configuration, baseline: baseline, events: events)
            return try output.working("Planning commit \(commit.shortText)") {
                (try planning.plan(commit, asOf: asOf), planning.head)
            }
        }
        let facts = ImpactFacts(reader: state, events: events)
        return try output.working("Planning commit \(commit.shortText)") {
            let planning = Planning(
                configuration: configuration, state: state, onLoad: { ahead?.begin($0) })
            let outcome = try planning.plan(
                commit, asOf: asOf, facts: facts, fully: full)
            return (outcome, try state?.appliedHead() ?? .nothing)
        }
    }
}
