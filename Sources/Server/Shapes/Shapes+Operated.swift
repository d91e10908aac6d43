import Runtime
import State
import Values

extension Shapes {
    /// What a person decided about a run, and what that was done to.
    package static func operated(_ run: String, _ done: RetriedRuns) -> JSONMembers {
        var members: JSONMembers = ["run": .string(run), "runs": .array(done.runs.map { .string($0.id) })]
        let instants = done.runs.compactMap { run in
            run.scheduledAt.map { JSON.object(["run": .string(run.id), "scheduledAt": .string($0.rfc3339)]) }
        }
        if !instants.isEmpty { members["instants"] = .array(instants) }
        if done.left > 0 { members["left"] = .number(JSONNumber(done.left)) }
        return members
    }

    /// The same, as the command line gets it from the server.
    static func operated(_ answer: JSON) -> RetriedRuns {
        var instants: [String: Instant] = [:]
        for item in answer["instants"]?.array ?? [] {
            if let run = item["run"]?.string {
                instants[run] = item["scheduledAt"]?.string.flatMap(Instant.init(rfc3339:))
            }
        }
        return RetriedRuns(
            (answer["runs"]?.array ?? []).compactMap(\.string).map { OperatedRun($0, scheduledAt: instants[$0]) },
            left: answer["left"]?.int ?? 0)
    }
}
