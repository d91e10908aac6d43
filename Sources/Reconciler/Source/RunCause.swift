import Spec
import State
import Values

/// Everything that led to a run, as it was when the run began (DESIGN.md rule 7).
struct RunCause {
    /// A resource as the run saw it.
    struct Part {
        let resource: AppliedResource
        /// The revision that gave it this content.
        let since: Revision?
        /// The commit that did, of all that the revision took in.
        let commit: String?
    }

    let run: Run
    let names: CurrentNames
    let event: EventSummary?
    let trigger: Part?
    /// The agent or tool that ran.
    let target: Part?
    /// What the target works with: prompts, tools, providers.
    let uses: [Part]
    /// The one that the run began and ended on.
    let revision: Revision?

    /// Nil where there is no such run.
    init?(_ id: String, from reader: StateReader, _ history: ManifestHistory) throws {
        guard let run = try reader.run(id) else { return nil }
        self.run = run
        names = try reader.currentNames()
        event = try run.event.flatMap { try reader.event($0)?.summary }
        revision = try reader.revision(run.revision)
        func part(_ id: ResourceID) throws -> Part? {
            guard let resource = try reader.resource(id, at: run.revision) else { return nil }
            return Part(
                resource: resource, since: try reader.revision(resource.sinceRevision),
                commit: try history.commit(of: resource, from: reader))
        }
        trigger = try run.trigger.flatMap { try part(Trigger.id($0)) }
        let target = try (run.target.agent.map(Agent.id) ?? run.target.tool.map(Tool.id)).flatMap { try part($0) }
        self.target = target
        let used = target.map { Set(Resource($0.resource).references.map(\.target)).sorted() } ?? []
        uses = try used.filter { $0.kind != .user }.compactMap { try part($0) }
    }
}
