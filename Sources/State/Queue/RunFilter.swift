import GRDB
import Spec
import Values

/// Which runs are asked for; every part that is there must hold.
package struct RunFilter: Sendable, Hashable {
    package var state: RunState?
    package var agent: String?
    package var tool: String?
    package var trigger: String?
    package var event: String?

    package init(
        state: RunState? = nil, agent: String? = nil, tool: String? = nil, trigger: String? = nil,
        event: String? = nil
    ) {
        self.state = state
        self.agent = agent
        self.tool = tool
        self.trigger = trigger
        self.event = event
    }
}

extension RunFilter {
    /// Runs in the queue up to which it is read from its own index; of a longer one the runs are gone through, newest first.
    private static let shortQueue = 10_000

    func conditions(in db: Database) throws -> Conditions {
        guard event == nil, trigger == nil, agent != nil || state != nil else { return try conditions(in: db, "") }
        // Agents and states have indexes of the runs that have left the queue, and the queue has one of its own.
        let left = try conditions(in: db, Run.hasLeft)
        var parts: [String] = []
        if state != .queued { parts.append("run WHERE " + left.texts.joined(separator: " AND ")) }
        var arguments = left.arguments
        if state ?? .queued == .queued {
            let lane = try agent.map { RunTarget.agent(try db.names(of: Agent.id($0)).first?.name ?? $0).lane }
            let waiting: Int =
                try db.value(
                    "SELECT sum(waiting) FROM queue_lane WHERE lane = coalesce(:lane, lane)", ["lane": lane]) ?? 0
            var texts = [waiting > Self.shortQueue ? "run NOT INDEXED WHERE state = 'queued'" : Run.queue]
            if let lane {
                texts.append("\(Run.lane()) = :lane")
                arguments["lane"] = lane
            }
            parts.append((texts + (try conditions(in: db, "").texts)).joined(separator: " AND "))
        }
        let pages = parts.map {
            "SELECT seq FROM (SELECT seq FROM \($0) AND seq < :pageEnd ORDER BY seq DESC LIMIT :pageLimit)"
        }
        var both = Conditions()
        both.add((text: "seq IN (\(pages.joined(separator: " UNION ALL ")))", arguments: arguments))
        return both
    }

    /// - Parameter place: holds for the runs that are looked at; all of them where it is empty
    private func conditions(in db: Database, _ place: String) throws -> Conditions {
        var conditions = Conditions()
        if !place.isEmpty { conditions.add((text: place, arguments: [:])) }
        conditions.add("state", state)
        conditions.add("event_id", event)
        for (kind, column, name) in [
            (KindName.agent, "agent", agent), (.tool, "tool", tool), (.trigger, "trigger_name", trigger),
        ] {
            guard let name else { continue }
            conditions.add(try db.condition(ResourceID(kind: kind, name: name), name: column, and: place))
        }
        return conditions
    }
}
