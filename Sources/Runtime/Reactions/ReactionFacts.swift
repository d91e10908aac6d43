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

    static func all(_ subject: Happening.Subject) -> [ReactionFacts] {
        switch subject {
        case .run(let run): [ReactionFacts(run)]
        case .revision(let revision, let changes):
            [ReactionFacts(revision)] + changes.map { ReactionFacts($0, revision) }
        case .observation(let observation): [ReactionFacts(observation)]
        }
    }

    private init(_ run: Run) {
        var object: JSONMembers = [
            "run": .string(run.id), "state": .string(run.state.rawValue),
            "revision": .number(JSONNumber(run.revision)), "attempt": .number(JSONNumber(run.attempt)),
        ]
        object["agent"] = run.target.agent.map(JSON.string)
        object["tool"] = run.target.tool.map(JSON.string)
        object["trigger"] = run.trigger.map(JSON.string)
        object["event"] = run.event.map(JSON.string)
        object["output"] = run.output.map { .string(Self.beginning($0)) }
        object["error"] = run.error.map { .string(Self.beginning($0)) }
        object["reason"] = run.reason.map { .string(Self.beginning($0)) }
        name = "run.\(run.state.rawValue)"
        payload = .object(object)
        agent = run.target.agent
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

    private init(_ change: RevisionChange, _ revision: Revision) {
        var object: JSONMembers = [
            "action": .string(change.action.rawValue), "kind": .string(change.id.kind.rawValue),
            "name": .string(change.id.name), "reason": .string(change.reason),
            "revision": .number(JSONNumber(revision.number)), "commit": .string(revision.commit),
        ]
        object["renamedFrom"] = change.formerName.map(JSON.string)
        name = "resource.changed"
        payload = .object(object)
        agent = change.id.kind == .agent ? change.id.name : nil
    }

    private init(_ observation: Observation) {
        var object: JSONMembers = [
            "message": .string(observation.message), "diagnostics": observation.diagnostics,
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
