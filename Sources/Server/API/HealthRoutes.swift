import HTTPTypes
import State
import Values

/// Probes. They say little, because everybody may ask.
struct HealthRoutes: Sendable {
    let source: StateSource

    var routes: [Route] {
        [
            Route(.get, "/healthz", .open) { _ in try health() },
            Route(.get, "/readyz", .open) { _ in try readiness() },
        ]
    }

    /// Whether the process lives, can read its state, and could write it when it last tried (fault D76).
    private func health() throws -> Answer {
        _ = try source.reader.latestRevision()
        if let problem = source.reader.writeProblem { throw Problem(503, problem, retryAfter: 5) }
        return .json(["status": "ok"])
    }

    /// Whether a revision is in force, and the repository could be read when it was last looked at.
    private func readiness() throws -> Answer {
        guard try source.reader.latestRevision() != nil else {
            throw Problem(503, "no revision is applied yet", retryAfter: 5)
        }
        guard try source.reader.latestObservation()?.outcome != .unreadable else {
            throw Problem(503, "the repository cannot be read; the last revision stays in force", retryAfter: 5)
        }
        return .json(["status": "ready"])
    }
}
