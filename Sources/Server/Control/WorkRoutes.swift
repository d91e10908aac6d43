import HTTPTypes
import Runtime
import State
import Values

/// What operators decide about runs and events while `serve` holds the state.
struct WorkRoutes: Sendable {
    let store: StateStore
    let source: StateSource
    let replays: (any EventReplaying)?

    var routes: [Route] {
        [
            Route(.post, "/runs", .guarded) { try await change($0) },
            Route(.post, "/replay", .guarded) { try await replay($0) },
        ]
    }

    /// `{"run": "run_…", "operation": "retry", "repeatEffects": false, "actor": "ada"}`; of a run that stands for several
    /// instants also `"instants": ["2026-…"]` or `"all": true`
    private func change(_ call: Call) async throws -> Answer {
        let request = try await OperatorRoutes.object(call)
        guard let id = request["run"]?.string, let actor = OperatorRoutes.actor(request),
            let operation = request["operation"]?.string.flatMap(RunOperation.init(rawValue:))
        else { throw Problem(400, "`run`, `operation` and `actor` are missing") }
        var done = RetriedRuns([OperatedRun(id)])
        do {
            if operation == .retry {
                done = try RunRetries(store: store, zones: source.zones).retry(
                    id, try instants(request), repeatingEffects: request["repeatEffects"] == true, actor: actor,
                    at: source.now())
            } else {
                try store.perform(operation, on: id, actor: actor, at: source.now())
            }
        } catch let error as StateError {
            switch error.code {
            case .notFound: throw Problem(404, error.message)
            case .conflict: throw Problem(409, error.message)
            default: throw error
            }
        }
        return .json(.object(Shapes.operated(id, done)))
    }

    private func instants(_ request: JSON) throws -> RetriedInstants {
        if request["all"] == true { return .all }
        guard let texts = request["instants"]?.array else { return .unsaid }
        let instants = texts.compactMap { $0.string.flatMap(Instant.init(rfc3339:)) }
        guard instants.count == texts.count else { throw Problem(400, "`instants` are no times by RFC 3339") }
        return .only(Set(instants))
    }

    /// `{"event": "evt_…", "to": "on-push"}`
    private func replay(_ call: Call) async throws -> Answer {
        let request = try await OperatorRoutes.object(call)
        guard let id = request["event"]?.string, let replays else { throw Problem(400, "`event` is missing") }
        do {
            let (event, runs) = try replays.takeAgain(id, to: request["to"]?.string)
            return .json(["event": .string(event), "runs": .array(runs.map(JSON.string))])
        } catch let refusal as ManualRunRefusal {
            throw Problem(refusal.code == .notFound ? 404 : refusal.code == .badRequest ? 400 : 503, refusal.message)
        }
    }
}

extension ControlClient {
    /// Does what a person decided about a run.
    package func perform(_ operation: RunOperation, on run: String, actor: String) async throws(ServerError) {
        _ = try await send("POST", "/runs", .object(change(operation, run, actor)))
    }

    /// Queues a run again.
    package func retry(
        _ run: String, _ instants: RetriedInstants, repeatingEffects: Bool, actor: String
    ) async throws(ServerError) -> RetriedRuns {
        var body = change(.retry, run, actor)
        body["repeatEffects"] = .bool(repeatingEffects)
        switch instants {
        case .unsaid: break
        case .only(let instants): body["instants"] = .array(instants.sorted().map { .string($0.rfc3339) })
        case .all: body["all"] = true
        }
        return Shapes.operated(try await send("POST", "/runs", .object(body)))
    }

    private func change(_ operation: RunOperation, _ run: String, _ actor: String) -> JSONMembers {
        ["run": .string(run), "operation": .string(operation.rawValue), "actor": .string(actor)]
    }

    /// Takes an event in once more. Returns its new id and those of its runs.
    package func replay(_ event: String, to trigger: String?) async throws(ServerError) -> (
        event: String, runs: [String]
    ) {
        var body: JSONMembers = ["event": .string(event)]
        body["to"] = trigger.map(JSON.string)
        let answer = try await send("POST", "/replay", .object(body))
        return (answer["event"]?.string ?? "", (answer["runs"]?.array ?? []).compactMap(\.string))
    }
}
