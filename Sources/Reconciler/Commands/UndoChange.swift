import Apply
import ArgumentParser
import Server
import Spec
import State
import Values

struct UndoChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back a revision, or the last change of one resource.",
        discussion: """
            Brings back manifests, the places of schedules and the history, in one new revision. What is in force is \
            changed, not the repository: the commit is not applied again until the branch moves. Settings in writ.yaml \
            stay as they are. While `writ serve` holds the state, it does the work.
            """)

    @Argument(help: ArgumentHelp("The number of the revision to take back: see `writ history`", valueName: "revision"))
    var revision: Int?

    @Option(
        help: ArgumentHelp("Take back the last change of this one, also its deletion", valueName: "kind/name"))
    var resource: String?

    @Flag(help: "Show what it would do, and do nothing")
    var dryRun = false

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (revision == nil) != (resource == nil) else {
            throw ValidationError("say one of the two: the number of a revision to undo, or --resource KIND/NAME")
        }
    }

    func run() async throws {
        let path = try RecordedState.path(source, state)
        let target = try target()
        let reader =
            dryRun
            ? try StateAccess.reader(at: path) : try StateAccess.reader(at: path, toChangeBy: "writ undo")
        var undo = try UndoPlanner(reader, zones: SystemZones.database).undo(target, asOf: SystemTime.now())
        if let revision, let warning = try KeptSettings(source: source, reader: reader).warning(undoing: revision) {
            undo.add(warning)
        }
        try refuse(undo.plan)
        guard !dryRun else { return try report(undo, revision: nil) }
        let digest = undo.plan.digest
        let actor = Actor.current
        let number = try await StateChange.perform(at: path, command: "writ undo") { store in
            // Nobody else writes from here on: what was shown is what happens.
            try Undoing(store: store, zones: SystemZones.database, now: SystemTime.now)
                .undo(target, plan: digest, actor: actor)
        } there: { client in
            try await client.undo(target, plan: digest, actor: actor)
        }
        let differs = try reader.revision(number).map(reader.differsFromItsCommit) ?? true
        try report(undo, revision: number, differs: differs)
    }

    private func target() throws -> UndoTarget {
        if let revision { return .revision(revision) }
        return .resource(try ResourceArgument.id(resource ?? ""))
    }

    /// Ends where names of resources would not hold.
    private func refuse(_ plan: Plan) throws {
        guard !plan.refusals.isEmpty else { return }
        if try output.isJSON {
            var object = plan.json.object ?? [:]
            object["applied"] = false
            output.print(.object(object))
        } else {
            Terminal.result(plan.text(color: output.isColored))
        }
        throw ExitCode.failure
    }

    /// - Parameters:
    ///   - revision: that was made; nil for a dry run
    ///   - differs: whether the branch's commit says something else
    private func report(_ undo: Undo, revision: Int?, differs: Bool = true) throws {
        if try output.isJSON {
            var object = undo.plan.json.object ?? [:]
            object["applied"] = .bool(revision != nil)
            object["revision"] = .number(JSONNumber(revision ?? undo.plan.basis.revision))
            return output.print(.object(object))
        }
        if !output.isQuiet || dryRun { Terminal.result(undo.plan.text(color: output.isColored)) }
        guard let revision, let undone = undo.plan.undoes else { return }
        Terminal.result("Undid \(undone): revision \(revision) is in force.")
        guard differs else {
            return output.talk("That is what commit \(undo.commit.prefix(12)) says.")
        }
        output.talk(
            "Commit \(undo.commit.prefix(12)) is not applied again until the branch moves: change the repository to match."
        )
    }
}
