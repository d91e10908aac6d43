import HTTPTypes
import ServiceLifecycle
import Values

/// What `serve` does for the command line while it holds the state.
struct ControlRoutes: Sendable {
    let source: StateSource
    let runs: any ManualRunning
    let operations: [Route]

    var routes: [Route] {
        [
            Route(.get, "/status", .guarded) { _ in .json(Shapes.overview(try source.overview())) },
            Route(.post, "/run", .guarded) { try await run($0) },
        ] + operations
    }

    /// `{"target": "agent/brief", "input": …}`; answers the run when it has ended.
    private func run(_ call: Call) async throws -> Answer {
        let request: JSON
        do {
            request = try JSON(parsing: try await call.body())
        } catch let error as JSONError {
            throw Problem(400, "this is not JSON: \(error)")
        }
        guard let target = request["target"]?.string else { throw Problem(400, "`target` is missing") }
        let id: String
        do {
            id = try await cancelWhenGracefulShutdown { try await runs.run(target, input: request["input"]) }
        } catch let refusal as ManualRunRefusal {
            throw problem(refusal)
        } catch is CancellationError {
            throw Problem(503, "writ serve is stopping; the run goes on: see `writ runs`")
        }
        guard let detail = try RunDetail(id, from: source.reader) else {
            throw Problem(500, "the run \(id) is not recorded")
        }
        return .json(Shapes.run(detail))
    }

    private func problem(_ refusal: ManualRunRefusal) -> Problem {
        switch refusal.code {
        case .notFound: Problem(404, refusal.message)
        case .badRequest: Problem(400, refusal.message)
        case .unavailable: Problem(503, refusal.message)
        }
    }
}
