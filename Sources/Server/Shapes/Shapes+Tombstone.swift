import Spec
import State
import Values

extension Shapes {
    /// The manifest of a deleted resource as it was last, what is sensitive left out, and until when it is kept.
    package static func tombstone(_ tombstone: Tombstone) -> JSON {
        let resource = tombstone.resource
        var object = JSONObject(Redaction.redact(resource.manifest, of: resource.id.kind).object ?? [:])
        var status = JSONObject(["state": "deleted"])
        status.set("revision", tombstone.revision)
        status.set("digest", resource.digest)
        status.set("path", resource.place.path)
        status.set("line", resource.place.mark.line)
        status.set("deletedAt", tombstone.deletedAt)
        status.set("purgeAt", tombstone.expiresAt)
        object.set("status", status.json)
        return object.json
    }
}
