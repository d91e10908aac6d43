import Apply
import Spec
import State
import Values

extension Shapes {
    package static func revision(_ revision: Revision) -> JSON { object(of: revision).json }

    package static func revision(_ revision: Revision, changes: [RevisionChange]) -> JSON {
        var object = object(of: revision)
        object.set("formatVersion", formatVersion)
        object.set("changes", .array(changes.map(change)))
        return object.json
    }

    package static func change(_ change: RevisionChange) -> JSON {
        var object = JSONObject(["fields": change.fields])
        object.set("revision", change.revision)
        object.set("action", change.action.rawValue)
        object.set("kind", change.id.kind.rawValue)
        object.set("name", change.id.name)
        object.set("reason", change.reason)
        return object.json
    }

    /// What came of a look at the repository.
    package static func observation(_ observation: Observation) -> JSON {
        var object = JSONObject(["diagnostics": observation.diagnostics])
        object.set("outcome", observation.outcome.rawValue)
        object.set("at", observation.at)
        object.set("lastAt", observation.lastAt)
        object.set("commit", observation.commit)
        object.set("branch", observation.branch)
        object.set("revision", observation.revision)
        object.set("message", observation.message)
        return object.json
    }

    private static func object(of revision: Revision) -> JSONObject {
        var object = JSONObject(["summary": revision.summary])
        object.set("number", revision.number)
        object.set("commit", revision.commit)
        object.set("branch", revision.branch)
        if !revision.directory.isEmpty { object.set("path", revision.directory) }
        object.set("createdAt", revision.createdAt)
        object.set("actor", revision.actor)
        object.set("planDigest", revision.planDigest)
        object.set("undoes", revision.undoes?.json)
        return object
    }
}
