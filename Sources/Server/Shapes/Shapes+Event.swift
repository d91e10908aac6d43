import State
import Values

extension Shapes {
    /// An event without what it carries.
    package static func event(_ event: EventSummary) -> JSON { object(of: event).json }

    /// An event with what it carries and the runs that it caused.
    package static func event(_ event: Event, runs: [Run], _ names: CurrentNames) -> JSON {
        var object = object(of: event.summary)
        object.set("formatVersion", formatVersion)
        object.set("headers", event.headers)
        object.set("payload", event.payload)
        object.set("decisions", event.decisions)
        object.set("runs", .array(runs.map { run($0, names) }))
        return object.json
    }

    private static func object(of event: EventSummary) -> JSONObject {
        var object = JSONObject()
        object.set("id", event.id)
        object.set("name", event.name)
        object.set("source", event.source)
        object.set("endpoint", now: event.currentEndpoint, then: event.endpoint)
        object.set("deliveryId", event.dedupeKey)
        object.set("receivedAt", event.receivedAt)
        object.set("bodyDigest", event.bodyDigest)
        object.set("payloadBytes", event.payloadSize)
        return object
    }
}
