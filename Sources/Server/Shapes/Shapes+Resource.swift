import Apply
import Spec
import State
import Values

extension Shapes {
    /// The manifest of a resource, what is sensitive left out, and its status.
    package static func resource(_ resource: AppliedResource, _ status: ResourceStatus) -> JSON {
        var object = JSONObject(Redaction.redact(resource.manifest, of: resource.id.kind).object ?? [:])
        object.set("status", self.status(status, of: resource))
        return object.json
    }

    private static func status(_ status: ResourceStatus, of resource: AppliedResource) -> JSON {
        var object = JSONObject()
        object.set("state", status.level.rawValue)
        object.set("revision", resource.sinceRevision)
        object.set("digest", resource.digest)
        object.set("path", resource.place.path)
        object.set("line", resource.place.mark.line)
        object.set("nextFireAt", status.nextFire?.instant)
        if !status.overrides.isEmpty { object.set("overrides", .array(status.overrides.map(\.json))) }
        object.set("observedGeneration", status.observedRevision)
        object.set("conditions", .array(status.conditions.map { $0.json(generation: status.observedRevision) }))
        if let run = status.lastRun {
            var last = JSONObject()
            last.set("id", run.id)
            last.set("state", run.state.rawValue)
            last.set("createdAt", run.createdAt)
            last.set("finishedAt", run.finishedAt)
            object.set("lastRun", last.json)
        }
        return object.json
    }
}
