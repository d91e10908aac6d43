import Spec
import State
import Values

/// What triggers are told of something that happened in writ itself.
struct ReactionFacts {
    /// `run.failed`, `apply.rejected`, `resource.changed`
    let name: String
    let payload: JSON
    /// Whose run it is about.
    let agent: String?

    /// Bytes of an output that are passed on.
    private static let outputLimit = 64 << 10

    /// - Parameter name: what a resource is called in the revision whose triggers listen, by what it was called at an
    ///   earlier one
    static func all(
        _ subject: Happening.Subject, naming name: (ResourceID, _ revision: Int) -> String
    ) -> [ReactionFacts] {
        switch subject {
        case .run(let run): [ReactionFacts(run) { name($0, run.revision) }]
        case .revision(let revision, let changes):
            [ReactionFacts(revision)]
                + changes.map { change in ReactionFacts(change, revision) { name($0, revision.number) } }
        case .observation(let observation): [ReactionFacts(observation)]
        }
    }

    private init(_ run: Run, naming name: (ResourceID) -> String) {
        agent = run.target.agent.map { name(Agent.id($0)) }
        var object: JSONMembers = [
            "run": .string(run.id), "state": .string(run.state.rawValue),
            "revision": .number(JSONNumber(run.revision)), "attempt": .number(JSONNumber(run.attempt)),
        ]
        object["agent"] = agent.map(JSON.string)
        object["tool"] = run.target.tool.map { .string(name(Tool.id($0))) }
        object["trigger"] = run.trigger.map { .string(name(Trigger.id($0))) }
        object["event"] = run.event.map(JSON.string)
        object["output"] = run.output.map { .string(Self.beginning($0)) }
        object["error"] = run.error.map { .string(Self.beginning($0)) }
        object["reason"] = run.reason.map { .string(Self.beginning($0)) }
        self.name = "run.\(run.state.rawValue)"
        payload = .object(object)
    }

    private init(_ revision: Revision) {
        var object: JSONMembers = [
            "revision": .number(JSONNumber(revision.number)), "commit": .string(revision.commit),
            "actor": .string(revision.actor), "summary": revision.summary,
        ]
        object["branch"] = revision.branch.map(JSON.string)
        name = "apply.applied"
        payload = .object(object)
        agent = nil
    }

    private init(_ change: RevisionChange, _ revision: Revision, naming name: (ResourceID) -> String) {
        var object: JSONMembers = [
            "action": .string(change.action.rawValue), "kind": .string(change.id.kind.rawValue),
            "name": .string(change.id.name), "reason": .string(change.reason),
            "revision": .number(JSONNumber(revision.number)), "commit": .string(revision.commit),
        ]
        object["renamedFrom"] = change.formerName.map(JSON.string)
        self.name = "resource.changed"
        payload = .object(object)
        agent = change.id.kind == .agent ? name(change.id) : nil
    }

    private init(_ observation: Observation) {
        var object: JSONMembers = [
            "message": .string(observation.wholeMessage), "diagnostics": observation.diagnostics,
        ]
        object["commit"] = observation.commit.map(JSON.string)
        object["branch"] = observation.branch.map(JSON.string)
        name = "apply.\(observation.outcome.rawValue)"
        payload = .object(object)
        agent = nil
    }

    private static func beginning(_ text: String) -> String {
        text.utf8.count <= outputLimit ? text : String(decoding: text.utf8.prefix(outputLimit), as: UTF8.self)
    }
}
