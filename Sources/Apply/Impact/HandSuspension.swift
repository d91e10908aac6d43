import Spec
import State
import Values

/// What an operator suspended by hand, as far as it is known here: a baseline does not tell who did, and why.
package struct HandSuspension: Sendable, Hashable {
    package let id: ResourceID
    /// Nil until somebody ends it.
    package let until: Instant?
    /// ` by ada until 2026-01-01T00:00:00Z: it loops`; empty where nothing is known.
    package let circumstances: String

    package init(_ override: Override) {
        id = override.id
        until = override.until
        circumstances = " " + override.circumstances
    }

    package init(id: ResourceID, until: Instant?) {
        self.id = id
        self.until = until
        circumstances = until.map { " until \($0.rfc3339)" } ?? ""
    }

    package func holds(at now: Instant) -> Bool { until.map { $0 > now } ?? true }

    /// As a baseline tells it.
    package var json: JSON {
        var object: JSONMembers = [
            "kind": .string(id.kind.rawValue), "name": .string(id.name),
            "field": .string(FieldOverride.suspension.label),
        ]
        object["until"] = until.map { .string($0.rfc3339) }
        return .object(object)
    }

    package init?(json: JSON) {
        guard let kind = json["kind"]?.string, let name = json["name"]?.string else { return nil }
        let until = json["until"]?.string.flatMap { Instant(rfc3339: $0) }
        guard (json["until"] == nil) == (until == nil) else { return nil }
        self.init(id: ResourceID(kind: KindName(rawValue: kind), name: name), until: until)
    }
}
