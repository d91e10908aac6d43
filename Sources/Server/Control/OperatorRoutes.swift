import Apply
import HTTPTypes
import Spec
import State
import Values

/// What operators change by hand while `serve` holds the state.
struct OperatorRoutes: Sendable {
    let store: StateStore
    let source: StateSource

    var routes: [Route] {
        [Route(.post, "/undo", .guarded) { try await undo($0) }] + overrideRoutes
    }

    /// `{"revision": 5}` or `{"resource": {"kind": "Agent", "name": "brief"}}`, with the `plan` that was shown and the
    /// `actor`; answers the number of the new revision.
    private func undo(_ call: Call) async throws -> Answer {
        let request = try await Self.object(call)
        guard let digest = request["plan"]?.string.flatMap({ Digest($0) }), let actor = Self.actor(request) else {
            throw Problem(400, "`plan` and `actor` are missing")
        }
        let target: UndoTarget
        if let number = request["revision"]?.int {
            target = .revision(number)
        } else {
            target = .resource(try Self.resource(request))
        }
        do {
            let undoing = Undoing(store: store, zones: source.zones, now: source.now)
            let number = try undoing.undo(target, plan: digest, actor: actor)
            return .json(["revision": .number(JSONNumber(number))])
        } catch let refusal as UndoRefusal {
            throw Problem(refusal.code == .notFound ? 404 : 409, refusal.message)
        } catch let error as UndoOutOfDate {
            throw Problem(409, error.description)
        }
    }

    static func object(_ call: Call) async throws -> JSON {
        do {
            return try JSON(parsing: try await call.body())
        } catch let error as JSONError {
            throw Problem(400, "this is not JSON: \(error)")
        }
    }

    /// A name for the history, bounded.
    static func actor(_ request: JSON) -> String? {
        request["actor"]?.string.flatMap { $0.isEmpty ? nil : String($0.prefix(200)) }
    }

    static func resource(_ request: JSON) throws -> ResourceID {
        guard let kind = request["resource"]?["kind"]?.string, let name = request["resource"]?["name"]?.string,
            KindCatalog[KindName(rawValue: kind)] != nil
        else { throw Problem(400, "`resource` is not a kind and a name") }
        return ResourceID(kind: KindName(rawValue: kind), name: name)
    }
}
