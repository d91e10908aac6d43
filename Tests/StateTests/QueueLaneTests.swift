import GRDB
import GRDBSQLite
import TestSupport
import Testing
import Values

@testable import State

@Suite struct QueueLaneTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief", "triage", "third")
    }

    @discardableResult
    private func enqueue(_ agent: String, priority: Int = 0, due: Int64 = 0) throws -> String {
        try fixture.enqueue(fixture.run(nil, agent: agent, priority: priority, due: due), at: StateFixture.start)
    }

    private func agents(_ limit: Int, each: Int = 1_000) throws -> [String] {
        try fixture.claim(limit: limit, each: each).compactMap(\.run.target.agent)
    }

    /// Many runs of an agent that are due.
    private func fill(_ agent: String, _ count: Int) throws {
        try fixture.store.write("filling the queue") { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                    INSERT INTO run (id, state, agent, revision, priority, max_attempts, not_before, created_at)
                        SELECT '\(agent)-' || i, 'queued', '\(agent)', 1, 0, 3, \(StateFixture.start.milliseconds) - i, 0
                        FROM n
                    """)
            // As those are counted that arrive.
            try db.execute(
                sql: """
                    INSERT INTO queue_lane (lane, priority, waiting) VALUES ('agent/\(agent)', 0, \(count))
                    ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + excluded.waiting
                    """)
        }
    }

    @Test func `an agent with many runs does not keep one with a single run waiting`() throws {
        try fill("brief", 10_000)
        try enqueue("triage")
        #expect(try agents(2).sorted() == ["brief", "triage"])
        try enqueue("triage")
        #expect(try agents(2).sorted() == ["brief", "triage"])
    }

    @Test func `a slow tool holds no more places than it may, and other tools and agents have theirs`() throws {
        func enqueue(_ target: RunTarget, _ count: Int) throws {
            let runs = (1...count).map { _ in NewRun(target: target, revision: 1, notBefore: StateFixture.start) }
            for run in runs { _ = try fixture.enqueue(run, at: StateFixture.start) }
        }
        func claim() throws -> [RunTarget: Int] {
            let claimed = try fixture.claim(limit: 16, each: 4)
            return Dictionary(grouping: claimed.map(\.run.target)) { $0 }.mapValues(\.count)
        }
        try enqueue(.tool("slow"), 30)
        #expect(try claim() == [.tool("slow"): 4])
        #expect(try claim().isEmpty)
        try enqueue(.tool("quick"), 2)
        try enqueue(.agent("brief"), 9)
        // An agent of the same name is another one.
        try enqueue(.agent("slow"), 1)
        #expect(try claim() == [.tool("quick"): 2, .agent("brief"): 4, .agent("slow"): 1])
    }

    @Test func `agents take turns`() throws {
        for _ in 1...3 { for agent in ["brief", "triage", "third"] { try enqueue(agent) } }
        let claimed = try agents(9)
        for round in 0..<3 {
            #expect(Set(claimed[(round * 3)..<(round * 3 + 3)]) == ["brief", "triage", "third"])
        }
    }

    @Test func `who asks for one run at a time does not come first each time`() throws {
        try fill("brief", 100)
        try fill("third", 100)
        var claimed: [String] = []
        for _ in 1...9 {
            try enqueue("triage")
            claimed += try agents(1)
        }
        #expect(claimed.count { $0 == "triage" } == 3)
    }

    @Test func `a higher priority comes before anybody's turn`() throws {
        try enqueue("brief")
        try enqueue("triage", priority: 1)
        try enqueue("triage", priority: 1)
        #expect(try agents(3) == ["triage", "triage", "brief"])
    }

    @Test func `runs that are not due yet keep nobody waiting, and have their turn when they are`() throws {
        try enqueue("brief", priority: 5, due: 60)
        try enqueue("triage")
        #expect(try agents(5) == ["triage"])
        #expect(try fixture.claim(at: 60).compactMap(\.run.target.agent) == ["brief"])
    }

    @Test func `what waits is counted whatever becomes of it`() throws {
        let ids = try (1...8).map { number in try enqueue(number % 2 == 0 ? "brief" : "triage") }
        try expectCounted()
        let claimed = try fixture.claim(limit: 5)
        try expectCounted()
        try fixture.store.release(claimed[0].lease, at: StateFixture.start)
        _ = try fixture.store.retryLater(
            claimed[1].lease, error: "no", notBefore: StateFixture.at(9), at: StateFixture.start)
        try fixture.store.complete(claimed[2].lease, RunOutcome(.succeeded), at: StateFixture.start)
        try expectCounted()
        _ = try fixture.store.recoverOrphans(owner: "two", now: StateFixture.start)
        try expectCounted()
        let waiting = ids.filter { (try? fixture.state(of: $0)) == .queued }
        try #require(waiting.count >= 2)
        try fixture.store.cancel(run: waiting[0], reason: "no", at: StateFixture.start)
        try fixture.store.perform(.discard, on: waiting[1], actor: "ada", at: StateFixture.start)
        try expectCounted()
        try fixture.store.perform(.retry, on: waiting[1], actor: "ada", at: StateFixture.start)
        try fixture.store.write("removing") { db in
            try db.execute(sql: "DELETE FROM run_attempt")
            try db.execute(sql: "DELETE FROM run WHERE state = 'queued'")
        }
        try expectCounted()
    }

    private func expectCounted() throws {
        let query = """
            SELECT lane, priority, sum(waiting) FROM (
                SELECT lane, priority, waiting FROM queue_lane
                UNION ALL SELECT CASE WHEN agent IS NULL THEN 'tool/' || tool ELSE 'agent/' || agent END, priority,
                    -count(*) FROM run WHERE state = 'queued' GROUP BY 1, 2)
            GROUP BY lane, priority HAVING sum(waiting) <> 0
            """
        #expect(try fixture.reader.read("counting") { db in try Row.fetchAll(db, sql: query) }.isEmpty)
    }

    @Test func `a queue of an older version goes on`() throws {
        let first = try enqueue("brief")
        _ = try enqueue("triage")
        try fixture.store.write("going back") { db in
            for sql in [
                "DROP TRIGGER run_requeued", "DROP TRIGGER run_left_queue",
                "DROP TRIGGER run_removed", "DROP TABLE queue_lane", "DROP INDEX run_lane",
                "CREATE INDEX run_queue ON run (priority DESC, not_before, seq) WHERE state = 'queued'",
            ] {
                try db.execute(sql: sql)
            }
            for sql in [Schema10.lanes] { try db.execute(sql: sql) }
        }
        try expectCounted()
        #expect(try fixture.claim(limit: 1).map(\.run.id) == [first])
        #expect(try agents(5) == ["triage"])
    }

    @Test func `finding the next run goes by indexes alone`() throws {
        try fill("brief", 100)
        let plan = try fixture.reader.read("explaining") { db in
            try Row.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + Database.nextRun, arguments: ["now": 0, "busy": "[]"]
            )
            .map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("l USING INDEX queue_turn") }, "\(plan)")
        #expect(
            plan.contains {
                $0.contains("SEARCH r USING") && $0.contains("run_lane (<expr>=? AND priority=? AND not_before<?)")
            },
            "\(plan)")
        #expect(!plan.contains { $0.contains("SCAN run") || $0.contains("ORDER BY") }, "\(plan)")
    }

    @Test func `a hundred thousand runs that wait cost no more to take one from than a hundred`() throws {
        for agent in ["brief", "triage"] { try fill(agent, 50) }
        let few = try steps()
        for agent in ["brief", "triage"] {
            try fixture.store.write("emptying") { db in try db.execute(sql: "DELETE FROM run") }
            try fill(agent, 1)
        }
        try fixture.store.write("emptying") { db in try db.execute(sql: "DELETE FROM run") }
        for agent in ["brief", "triage"] { try fill(agent, 50_000) }
        #expect(try steps() <= few)
        // Nor where one of the agents may not run any more just now.
        #expect(try steps(busy: #"["agent/brief"]"#) <= few * 2)
    }

    /// Instructions of SQLite's machine that finding the next run takes.
    private func steps(busy: String = "[]") throws -> Int {
        try fixture.store.write("counting steps") { db in
            _ = try db.row(Database.nextRun, ["now": StateFixture.start, "busy": busy])
            var count = 0
            return try withUnsafeMutablePointer(to: &count) { count in
                sqlite3_progress_handler(
                    db.sqliteConnection, 1,
                    { context in
                        context?.assumingMemoryBound(to: Int.self).pointee += 1
                        return 0
                    }, count)
                defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
                let found = try db.row(Database.nextRun, ["now": StateFixture.start, "busy": busy])
                #expect(found != nil)
                return count.pointee
            }
        }
    }
}
