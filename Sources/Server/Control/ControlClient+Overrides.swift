import Spec
import Values

extension ControlClient {
    /// Holds a resource to other values.
    ///
    /// - Returns: a list of what holds for it
    package func override(_ request: OverrideRequest) async throws(ServerError) -> JSON {
        var body: JSONMembers = [
            "resource": Self.object(request.id), "fields": .array(request.fields.map(JSON.string)),
            "reason": .string(request.reason), "actor": .string(request.actor),
        ]
        body["until"] = (request.until?.rfc3339).map(JSON.string)
        return try await send("POST", "/overrides", .object(body))
    }

    /// Lets a resource go, or one of its fields.
    ///
    /// - Returns: a list of what still holds for it
    package func endOverrides(of id: ResourceID, _ field: String?, actor: String) async throws(ServerError) -> JSON {
        var body: JSONMembers = ["resource": Self.object(id), "actor": .string(actor)]
        body["field"] = field.map(JSON.string)
        return try await send("POST", "/overrides/end", .object(body))
    }

    private static func object(_ id: ResourceID) -> JSON {
        ["kind": .string(id.kind.rawValue), "name": .string(id.name)]
    }
}
