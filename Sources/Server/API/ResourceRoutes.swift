import HTTPTypes
import Spec
import State
import Values

/// `/api/v1/{agents, tools …}`: what is applied.
struct ResourceRoutes: Sendable {
    let source: StateSource

    var routes: [Route] {
        KindCatalog.all.flatMap { kind in
            let name = kind.kindName
            return [
                Route(.get, "/api/v1/\(kind.plural)", .guarded) { try list(name, $0) },
                Route(.get, "/api/v1/\(kind.plural)/*", .guarded) { try one(name, $0) },
            ]
        }
    }

    private func list(_ kind: KindName, _ call: Call) throws -> Answer {
        try call.query.check(PageRequest.parameters)
        let request = try PageRequest(call.query)
        // In the order of names, in which a name is its own cursor.
        let all = try source.reader.appliedState().resources.filter { resource in
            resource.id.kind == kind && request.before.map { resource.id.name > $0 } ?? true
        }
        let items = all.sorted { $0.id < $1.id }.prefix(request.limit)
        let statuses = try source.statuses()
        let shapes = try items.map { Shapes.resource($0, try statuses.status(of: $0)) }
        return .json(Shapes.list(shapes, next: all.count > items.count ? items.last?.id.name : nil))
    }

    private func one(_ kind: KindName, _ call: Call) throws -> Answer {
        try call.query.check([])
        let id = ResourceID(kind: kind, name: call.parameter())
        guard let resource = try source.reader.resource(id) else {
            throw Problem.notFound("no \(kind) of this name is applied")
        }
        return .json(Shapes.resource(resource, try source.statuses().status(of: resource)))
    }
}
