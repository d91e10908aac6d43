import Git
import Server
import Spec
import State
import Values

/// The object of `writ why -o json`.
enum RunCauseJSON {
    static func json(_ cause: RunCause, _ commits: CommitBook) -> JSON {
        var object: JSONMembers = [
            "formatVersion": Shapes.formatVersion, "run": Shapes.run(cause.run, cause.names),
            "uses": .array(cause.uses.map { part($0, commits) }),
        ]
        object["event"] = cause.event.map { Shapes.event($0) }
        object["trigger"] = cause.trigger.map { part($0, commits) }
        object["target"] = cause.target.map { part($0, commits) }
        object["revision"] = cause.revision.map { RevisionWithCommit.json($0, commits) }
        return .object(object)
    }

    private static func part(_ part: RunCause.Part, _ commits: CommitBook) -> JSON {
        let resource = part.resource
        var object: JSONMembers = [
            "kind": .string(resource.id.kind.rawValue), "name": .string(resource.id.name),
            "digest": .string(resource.digest.text), "path": .string(resource.place.path),
            "line": .number(JSONNumber(resource.place.mark.line)),
        ]
        object["commit"] = part.commit.map(JSON.string)
        object["commitDetail"] = part.commit.flatMap { commits[$0]?.json }
        object["since"] = part.since.map { RevisionWithCommit.json($0, commits) }
        return .object(object)
    }
}
