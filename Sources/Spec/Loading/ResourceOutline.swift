import Values

/// Of a sound resource, what is needed once all of them are known: the resource itself is handed on and forgotten.
struct ResourceOutline: Sendable {
    let id: ResourceID
    /// The former name that it says, and where.
    let renamedFrom: (name: String, place: Place)?
    /// The resources that a circle of calls could go on with, and where it names them.
    let calls: [NamedReference]
    /// Of a trigger that keeps the webhook of a bot: which bot, and where it says so.
    let bot: (token: String, place: Place)?

    /// Of a resource that neither says a former name nor keeps the webhook of a bot.
    init(_ id: ResourceID, _ references: [NamedReference]) {
        self.id = id
        renamedFrom = nil
        calls = Self.calls(of: id, references)
        bot = nil
    }

    init(_ resource: Resource, _ references: [NamedReference]) {
        id = resource.id
        renamedFrom = resource.renamedFrom.map {
            ($0, resource.place(of: JSONPointer(["metadata", "renamedFrom"])))
        }
        calls = Self.calls(of: resource.id, references)
        bot = resource.managedBot.map { ($0, resource.place(of: JSONPointer(["spec", "webhook", "token"]))) }
    }

    private static func calls(of id: ResourceID, _ references: [NamedReference]) -> [NamedReference] {
        guard let next = ReferenceCycles.next(after: id.kind) else { return [] }
        return references.filter { $0.target.kind == next }
    }
}
