import Apply
import HTTPTypes
import Spec
import State
import Values

extension OperatorRoutes {
    var overrideRoutes: [Route] {
        [
            Route(.post, "/overrides", .guarded) { try await set($0) },
            Route(.post, "/overrides/end", .guarded) { try await end($0) },
        ]
    }

    private var overriding: Overriding { Overriding(store: store, now: source.now) }

    /// `{"resource": …, "fields": ["spec.suspend=true"], "reason": "it loops", "actor": "ada", "until": "2026-…"}`;
    /// answers what holds for the resource.
    private func set(_ call: Call) async throws -> Answer {
        let request = try await Self.object(call)
        guard let actor = Self.actor(request), let reason = request["reason"]?.string else {
            throw Problem(400, "`reason` and `actor` are missing")
        }
        var until: Instant?
        if let text = request["until"] {
            guard let instant = text.string.flatMap({ Instant(rfc3339: $0) }) else {
                throw Problem(400, "`until` is not an instant")
            }
            until = instant
        }
        let fields = (request["fields"]?.array ?? []).compactMap(\.string)
        let asked = OverrideRequest(
            id: try Self.resource(request), fields: fields, reason: reason, actor: actor, until: until)
        return try answer { try overriding.set(asked) }
    }

    /// `{"resource": …, "field": "spec.suspend", "actor": "ada"}`; all fields without one.
    private func end(_ call: Call) async throws -> Answer {
        let request = try await Self.object(call)
        guard let actor = Self.actor(request) else { throw Problem(400, "`actor` is missing") }
        let id = try Self.resource(request)
        return try answer { try overriding.end(id, request["field"]?.string, actor: actor) }
    }

    private func answer(_ body: () throws -> [Override]) throws -> Answer {
        do {
            return .json(Shapes.list(try body().map(\.json)))
        } catch let refusal as OverrideRefusal {
            throw Problem(refusal.isNotFound ? 404 : 400, refusal.description)
        }
    }
}
