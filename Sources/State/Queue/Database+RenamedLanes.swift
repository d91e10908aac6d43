import GRDB
import Spec

extension Run {
    /// Where a run waits and counts: the key of `queue_lane`, as the index of lanes has it.
    ///
    /// - Parameter table: by which the query calls the runs
    static func lane(_ table: String = "run") -> String {
        """
        CAST(coalesce(\(table).lane, CASE WHEN \(table).agent IS NULL THEN 'tool/' || \(table).tool
            ELSE 'agent/' || \(table).agent END) AS TEXT)
        """
    }
}

extension RunTarget {
    /// As it is called now.
    ///
    /// - Parameter revision: at which it had this name
    func current(at revision: Int, in db: Database) throws -> RunTarget {
        switch self {
        case .agent(let name): .agent(try db.currentName(of: Agent.id(name), at: revision))
        case .tool(let name): .tool(try db.currentName(of: Tool.id(name), at: revision))
        }
    }
}

extension Database {
    /// The runs of a renamed agent or tool that are not over wait and count under its new name. They end on the
    /// revision that they began with, and so keep the name that it has there.
    func renameLanes(_ changes: [ResourceChange]) throws {
        let moves =
            NameMoves(changes, of: .agent) { RunTarget.agent($0).lane }.steps
            + NameMoves(changes, of: .tool) { RunTarget.tool($0).lane }.steps
        for (from, to) in moves {
            for state in RunState.allCases where state.isActive {
                try run(
                    """
                    UPDATE run INDEXED BY \(state == .queued ? "run_lane" : "run_state") SET lane = :to
                    WHERE state = '\(state.rawValue)'\(state == .queued ? "" : " AND \(Run.hasLeft)") AND \(Run.lane()) = :from
                    """, ["from": from, "to": to])
            }
            try run(
                """
                INSERT INTO queue_lane (lane, priority, waiting, turn)
                    SELECT :to, priority, waiting, turn FROM queue_lane WHERE lane = :from
                ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + excluded.waiting,
                    turn = max(turn, excluded.turn)
                """, ["from": from, "to": to])
            try run("DELETE FROM queue_lane WHERE lane = :from", ["from": from])
        }
    }

    /// Where a run that is over has to wait when it is queued again.
    func lane(ofRun id: String) throws -> String? {
        try row("SELECT agent, tool, revision FROM run WHERE id = :id", ["id": id]).map { row in
            try RunTarget(row: row).current(at: row.get("revision"), in: self).lane
        }
    }
}
