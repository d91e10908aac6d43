import Apply
import ArgumentParser
import Git
import Spec
import Values

struct Diff: ParsableCommand, ReportingCommand {
    static let word = "plan"
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what changes between two commits: no state, no secrets, for pull requests."
    )

    @Argument(help: ArgumentHelp("Two commits: main..HEAD; main alone means main..HEAD", valueName: "base..head"))
    var range: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var clock: ClockOption

    @Flag(help: "Exit with 2 when there are changes")
    var detailedExitcode = false

    @OptionGroup var impact: ImpactOptions

    @OptionGroup var output: ReportOptions

    var reportFormat: ReportFormat { get throws { try output.format } }

    func run() throws { try ReaderRetry.once(perform) }

    private func perform() throws {
        let format = try output.format
        let configuration = try Configuration(source, quiet: output.isQuiet)
        let (base, head) = try ends()
        let before = try configuration.repository.resolve(base)
        let after = try configuration.repository.resolve(head)
        let asOf = try clock.instant()
        let basis = Plan.Basis(revision: 0, commit: before.text)
        let old = try old(before, configuration)
        let new = try output.working("Reading commit \(after.shortText)") { try configuration.load(after) }
            .refusingUnread(old.catalog)
        let report = PlanReport(
            format: format, isColored: output.isColored, path: configuration.directory,
            command: RepeatedCommand(["writ", "diff", "\(before.shortText)..\(after.shortText)"], of: source).text,
            refusesReach: impact.refusesReach)
        guard new.isValid else {
            report.show(
                new.diagnostics, commit: after.text,
                object: Plan.rejected(commit: after.text, basis: basis, asOf: asOf, diagnostics: new.diagnostics))
            if format == .text {
                output.talk("\(head) is not valid: \(DiagnosticList(new.diagnostics).summary ?? "").")
            }
            throw ExitCode.failure
        }
        func planned(_ agreed: AgreedDeletes? = nil) -> Plan {
            Planner(zones: SystemZones.database).plan(
                new.catalog, commit: after.text, applied: old.catalog, basis: basis, asOf: asOf,
                warnings: new.diagnostics, settings: new.settings,
                brakes: Brakes(
                    old.settings.brake, allowedDeletes: agreed?.numbers ?? [], unclear: agreed?.unclear),
                prunes: old.settings.prune.enabled)
        }
        var plan = planned()
        // Messages are read only where they may matter.
        if plan.brake != nil { plan = planned(AgreedDeletes(after, since: before, configuration.repository)) }
        plan.settingsChange = SettingsChange(
            from: old.settings, to: new.settings, at: new.settingsPlaces, below: configuration.directory)
        plan.impact = Impact(of: plan, declared: new.catalog, applied: old.catalog, zones: SystemZones.database)
        if format == .text, plan.doesNothing, plan.moves.isEmpty {
            let warnings = plan.allWarnings.map { output.paint(.yellow, $0.text) }
            Terminal.result((warnings + ["No changes between \(base) and \(head)."]).joined(separator: "\n"))
        } else {
            report.show(plan)
        }
        if !plan.problems.isEmpty { throw ExitCode.failure }
        try impact.check(plan, output)
        if detailedExitcode, !plan.doesNothing { throw ExitCode(2) }
    }

    /// The sound resources of the base: a base with mistakes still shows what the head changes.
    private func old(_ commit: ObjectID, _ configuration: Configuration) throws -> (
        catalog: Catalog, settings: Settings
    ) {
        do {
            let loaded = try output.working("Reading commit \(commit.shortText)") { try configuration.load(commit) }
            if !loaded.isValid {
                output.talk(
                    "The base \(commit.shortText) is not valid itself; its broken resources count as not there.")
            }
            return (loaded.catalog, loaded.settings)
        } catch SourceError.noManifests, SourceError.allLeftOut, SourceError.noDirectory {
            return (Catalog([]), .standard)
        }
    }

    private func ends() throws -> (String, String) {
        guard let dots = range.firstRange(of: "..") else {
            guard !range.isEmpty else { throw CommandFailure("the range is empty: write BASE..HEAD") }
            return (range, "HEAD")
        }
        let rest = range[dots.upperBound...]
        guard !rest.hasPrefix(".") else {
            throw CommandFailure("\(range): write BASE..HEAD with two dots, the base being the merge base")
        }
        let base = String(range[..<dots.lowerBound])
        // git would take HEAD, and HEAD against HEAD changes nothing, whatever the pull request does.
        guard !base.isEmpty, !rest.isEmpty else {
            throw CommandFailure(
                "\(range) names no \(base.isEmpty ? "base" : "head"): write BASE..HEAD, and see that the variable it comes"
                    + " from is set")
        }
        return (base, String(rest))
    }
}
