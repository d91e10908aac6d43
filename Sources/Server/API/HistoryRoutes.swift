import Apply
import HTTPTypes
import State
import Values

/// `/api/v1/{runs, events, deliveries, revisions, status}`: what happened.
struct HistoryRoutes: Sendable {
    let source: StateSource

    var routes: [Route] {
        [
            Route(.get, "/api/v1/runs", .guarded) { try runs($0) },
            Route(.get, "/api/v1/runs/*", .guarded) { try run($0) },
            Route(.get, "/api/v1/events", .guarded) { try events($0) },
            Route(.get, "/api/v1/events/*", .guarded) { try event($0) },
            Route(.get, "/api/v1/deliveries", .guarded) { try deliveries($0) },
            Route(.get, "/api/v1/revisions", .guarded) { try revisions($0) },
            Route(.get, "/api/v1/revisions/*", .guarded) { try revision($0) },
            Route(.get, "/api/v1/status", .guarded) { call in
                try call.query.check([])
                return .json(Shapes.overview(try source.overview()))
            },
        ]
    }

    private func runs(_ call: Call) throws -> Answer {
        try call.query.check(PageRequest.parameters + ["state", "agent", "tool", "trigger", "event"])
        let filter = RunFilter(
            state: try Self.state(call.query), agent: call.query["agent"], tool: call.query["tool"],
            trigger: call.query["trigger"], event: call.query["event"])
        let page = try source.reader.runs(PageRequest(call.query).page, filter)
        let names = try source.reader.currentNames()
        return .json(Shapes.page(page) { Shapes.run($0, names) })
    }

    /// `?state=`
    private static func state<Value: RawRepresentable & CaseIterable>(_ query: Query) throws(Problem) -> Value?
    where Value.RawValue == String {
        guard let text = query["state"] else { return nil }
        guard let state = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(400, "`state` must be one of \(known)")
        }
        return state
    }

    private func run(_ call: Call) throws -> Answer {
        try call.query.check([])
        guard let detail = try RunDetail(call.parameter(), from: source.reader) else {
            throw Problem.notFound("no run has this id")
        }
        return .json(Shapes.run(detail))
    }

    private func events(_ call: Call) throws -> Answer {
        try call.query.check(PageRequest.parameters + ["name", "source", "endpoint"])
        let filter = EventFilter(
            endpoint: call.query["endpoint"], name: call.query["name"], source: call.query["source"])
        let page = try source.reader.events(PageRequest(call.query).page, filter)
        return .json(Shapes.page(page, Shapes.event))
    }

    private func event(_ call: Call) throws -> Answer {
        try call.query.check([])
        guard let event = try source.reader.event(call.parameter()) else {
            throw Problem.notFound("no event has this id")
        }
        let runs = try source.reader.runs(Page(limit: 500), RunFilter(event: event.summary.id)).items
        return .json(try Shapes.event(event, runs: runs, source.reader.currentNames()))
    }

    private func deliveries(_ call: Call) throws -> Answer {
        try call.query.check(PageRequest.parameters + ["state", "channel", "run"])
        let filter = DeliveryFilter(
            run: call.query["run"], channel: call.query["channel"], state: try Self.state(call.query))
        let page = try source.reader.deliveries(PageRequest(call.query).page, filter)
        return .json(Shapes.page(page, Shapes.delivery))
    }

    private func revisions(_ call: Call) throws -> Answer {
        try call.query.check(PageRequest.parameters)
        return .json(Shapes.page(try source.reader.revisions(PageRequest(call.query).page), Shapes.revision))
    }

    private func revision(_ call: Call) throws -> Answer {
        try call.query.check([])
        guard let number = Int(call.parameter()), let revision = try source.reader.revision(number) else {
            throw Problem.notFound("no revision has this number")
        }
        return .json(
            Shapes.revision(revision, changes: try source.reader.completed(try source.reader.changes(of: number))))
    }
}
