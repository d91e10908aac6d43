import GRDB
import Spec
import Synchronization
import TestSupport
import Testing
import Values

@testable import State

/// A run that waits is in few indexes, because every event writes them; what has left the queue is in the others.
@Suite struct RunIndexTests {
    private let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief", "triage")
    }

    private func plan(_ sql: String) throws -> [String] {
        try fixture.reader.read("explaining") { db in
            let values = [DatabaseValue](repeating: .null, count: sql.count { $0 == "?" })
            return try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: StatementArguments(values))
                .map { $0["detail"] as String }
        }
    }

    @Test(
        "what looks for runs in some state reads no others",
        arguments: [
            ("SELECT state, count(*) FROM run WHERE \(Run.hasLeft) GROUP BY state", "run_state"),
            ("SELECT 1 FROM run WHERE state = 'running' AND \(Run.hasLeft) AND lease_until < ?", "run_state"),
            ("SELECT 1 FROM run WHERE agent = ? AND state = ? AND \(Run.hasLeft)", "run_agent"),
            (
                "SELECT 1 FROM run WHERE (agent = ? AND \(Run.hasLeft)) OR (agent = ? AND revision < ? AND \(Run.hasLeft))",
                "run_agent"
            ),
            ("SELECT 1 FROM run WHERE trigger_name = ? AND scheduled_at = ?", "run_instant"),
            ("SELECT 1 FROM run WHERE trigger_name = ? AND scheduled_at > ? AND scheduled_at <= ?", "run_instant"),
            ("SELECT id FROM run WHERE trigger_name = ? AND state IN ('queued', 'running')", "run_trigger"),
        ])
    func plans(sql: String, index: String) throws {
        let plan = try plan(sql)
        #expect(plan.contains { $0.contains(index) }, "\(plan)")
        #expect(!plan.contains("SCAN run"), "\(plan)")
    }

    @Test func `what works on the queue goes through no runs but those in the state that it looks for`() throws {
        let seen = Mutex<Set<String>>([])
        try fixture.store.write("tracing") { db in
            db.trace { event in
                guard case .statement(let statement) = event else { return }
                seen.withLock { _ = $0.insert(statement.sql) }
            }
        }
        let now = StateFixture.at(100)
        let runs = WorkTable.runs(longest: .seconds(60))
        let first = try fixture.enqueue(fixture.run(agent: "brief"), at: StateFixture.start)
        _ = try fixture.enqueue(fixture.run(agent: "triage", due: 5_000), at: StateFixture.start)
        _ = try fixture.claim(limit: 1)
        _ = try fixture.store.recoverOrphans(owner: "two", now: now)
        _ = try fixture.store.followClock(runs, back: .seconds(5), lease: .seconds(60), now: now)
        _ = try fixture.store.unstrand(runs, isStart: true, now: now)
        try fixture.store.cancel(run: first, reason: "no", at: now)
        let digest = ManifestVersion.test("triage", "one").digest
        _ = try fixture.store.apply(.test([ResourceChange(id: .agent("triage"), edit: .delete(from: digest))]))
        _ = try fixture.store.purgeTombstones(now: StateFixture.at(90 * 86_400))
        for part in CleanupPart.allCases {
            _ = try fixture.store.cleanUp(part, .standard, after: 0, now: StateFixture.at(400 * 86_400))
        }
        let statements = seen.withLock { $0 }.filter { sql in
            let words = sql.split(whereSeparator: \.isWhitespace)
            return words.contains("run") && !words.starts(with: ["INSERT", "INTO", "run"])
        }
        for part in [
            "GROUP BY 1", "lease_until > :until", "UPDATE run SET state = 'running'", "UPDATE run SET state = :state",
        ] {
            #expect(statements.contains { $0.contains(part) }, "\(part) is among them: \(statements)")
        }
        for sql in statements {
            let plan = try fixture.store.write("explaining") { db in
                db.trace(options: [])
                let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
                statement.setUncheckedArguments(StatementArguments())
                return try Row.fetchAll(statement).map { $0["detail"] as String }
            }
            let scans = plan.filter { $0.hasPrefix("SCAN run") && !$0.contains("run_lane") }
            #expect(scans.isEmpty, "\(sql): \(plan)")
        }
    }

    @Test func `the runs of an agent, and those in a state, are listed newest first, in the queue or not`() throws {
        var ids: [String] = []
        for number in 0..<6 {
            ids.append(try fixture.enqueue(fixture.run(agent: "brief"), at: StateFixture.at(Int64(number))))
            _ = try fixture.enqueue(fixture.run(agent: "triage"), at: StateFixture.at(Int64(number)))
        }
        // Two of each in between leave the queue.
        for id in [ids[1], ids[4]] { try fixture.store.cancel(run: id, reason: "no", at: StateFixture.at(10)) }
        func pages(_ filter: RunFilter, of limit: Int) throws -> [String] {
            var found: [String] = []
            var next: String?
            repeat {
                let page = try fixture.reader.runs(Page(limit: limit, before: next), filter)
                found += page.items.map(\.id)
                next = page.next
            } while next != nil
            return found
        }
        for limit in 1...7 {
            #expect(try pages(RunFilter(agent: "brief"), of: limit) == ids.reversed())
            #expect(try pages(RunFilter(state: .cancelled), of: limit) == [ids[4], ids[1]])
            #expect(try pages(RunFilter(state: .queued, agent: "brief"), of: limit) == [5, 3, 2, 0].map { ids[$0] })
            #expect(try pages(RunFilter(state: .succeeded, agent: "brief"), of: limit).isEmpty)
            #expect(try pages(RunFilter(state: .queued), of: limit).count == 10)
        }
        let counts = try fixture.reader.queueCounts()
        #expect(counts.runs == [.queued: 10, .cancelled: 2])
    }

    @Test func `who waits for a time is woken then, also where the clock was put right in between`() throws {
        #expect(try fixture.reader.nextWakeUp(after: StateFixture.start) == nil)
        _ = try fixture.enqueue(fixture.run(due: 30), at: StateFixture.start)
        #expect(try fixture.reader.nextWakeUp(after: StateFixture.start) == StateFixture.at(30))
        #expect(try fixture.reader.nextWakeUp(after: StateFixture.at(30)) == nil)
        // Due at once, by a clock that was two seconds ahead; another one comes when it was put right.
        _ = try fixture.enqueue(fixture.run(due: 2), at: StateFixture.at(2))
        _ = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        #expect(try fixture.reader.nextWakeUp(after: StateFixture.start) == StateFixture.at(2))
    }

    @Test func `what is tried again is woken in time, also where it came by a clock that was ahead`() throws {
        _ = try fixture.enqueue(fixture.run(), at: StateFixture.at(3_600))
        let claimed = try fixture.claimOne()
        _ = try fixture.store.retryLater(
            claimed.lease, error: "busy", notBefore: StateFixture.at(30), at: StateFixture.start)
        for _ in 0..<120 { _ = try fixture.enqueue(fixture.run(), at: StateFixture.start) }
        #expect(try fixture.reader.nextWakeUp(after: StateFixture.start) == StateFixture.at(30))
    }

    @Test func `the doctor finds a run whose manifest somebody removed`() throws {
        var run = fixture.run()
        run.manifestDigest = ManifestVersion.test("brief", "one").digest
        _ = try fixture.enqueue(run, at: StateFixture.start)
        let problems = { try fixture.reader.read("checking") { db in try IntegrityCheck.problems(db) } }
        #expect(try problems().isEmpty)
        try fixture.store.write("removing") { db in
            try db.execute(sql: "PRAGMA defer_foreign_keys = ON; DELETE FROM resource_version; DELETE FROM manifest")
        }
        #expect(try problems().contains { $0.hasPrefix("a run refers to a manifest that is not there") })
    }

    @Test func `texts of a row are bound as they are`() throws {
        let rows = try fixture.store.write("binding") { db in
            try db.execute(
                sql: "CREATE TEMP TABLE bound (a TEXT, b TEXT, c TEXT, d BLOB, e INTEGER, f TEXT, g TEXT) STRICT")
            let insert = try BoundStatement(db, "INSERT INTO bound VALUES (?, ?, ?, ?, ?, ?, ?)")
            var values = RowValues()
            for number in [7, Int.max] {
                values.removeAll()
                values.add("")
                values.add("a\0b\u{1F600}")
                values.add(bytes: Array("payload".utf8))
                values.add(blob: [0, 1, 2])
                values.add(number)
                values.add(nil as String?)
                values.add(bytes: [])
                try insert.run(values)
            }
            return try Row.fetchAll(db, sql: "SELECT *, hex(d) AS hex, typeof(g) AS kind FROM bound")
        }
        #expect(rows.count == 2)
        for (row, number) in zip(rows, [7, Int.max]) {
            #expect(row["a"] as String? == "" && row["b"] as String? == "a\u{FFFD}b\u{1F600}")
            #expect(row["c"] as String? == "payload" && row["hex"] as String? == "000102")
            #expect(row["e"] as Int? == number && row["f"] as String? == nil)
            #expect(row["g"] as String? == "" && row["kind"] as String? == "text")
        }
    }

    @Test func `a state of before is brought up to date with all that refers to its runs`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("state.db")
        let start = StateFixture.start.milliseconds
        let digest = "sha256:" + String(repeating: "1", count: 64)
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { db in
            try Migrations.start(on: db, version: 29)
            try db.execute(
                sql: """
                    INSERT INTO revision (number, commit_id, directory, created_at, plan_digest, summary, actor)
                        VALUES (1, 'c0ffee', '', \(start), 'sha256:0', '{}', 'ada');
                    INSERT INTO manifest (digest, body) VALUES ('\(digest)', '{}');
                    INSERT INTO event (id, endpoint, dedupe_key, name, source, payload, headers, received_at, body_digest)
                        VALUES ('evt_1', 'trigger/on-push', 'a', 'push', 'github', '{}', '[]', \(start), 'sha256:2'),
                            ('evt_2', 'trigger/on-push', 'b', 'push', 'github', '{}', '[]', \(start), 'sha256:2');
                    INSERT INTO run (id, state, trigger_name, agent, event_id, revision, manifest_digest, priority,
                            max_attempts, not_before, created_at, finished_at, input)
                        VALUES ('run_1', 'succeeded', 'on-push', 'brief', 'evt_1', 1, '\(digest)', 0, 1, \(start), \(start),
                            \(start), '{}'),
                            ('run_2', 'queued', 'on-push', 'brief', NULL, 1, '\(digest)', 2, 1, \(start), \(start), NULL, NULL);
                    INSERT INTO run (id, state, trigger_name, agent, revision, scheduled_at, missed, priority,
                            max_attempts, not_before, created_at, finished_at, reason)
                        VALUES ('run_3', 'skipped', 'daily', 'brief', 1, \(start), 3, 0, 1, \(start), \(start), \(start), 'late');
                    INSERT INTO queue_lane (lane, priority, waiting) VALUES ('agent/brief', 2, 1);
                    INSERT INTO run_attempt (run_id, attempt, owner, started_at) VALUES ('run_1', 1, 'one', \(start));
                    DELETE FROM event WHERE id = 'evt_2';
                    """)
        }
        try queue.close()

        let store = try StateFixture.open(path)
        defer { try? store.close() }
        #expect(try store.reader.runs().items.map(\.id) == ["run_3", "run_2", "run_1"])
        #expect(try store.reader.run("run_1")?.event == "evt_1")
        #expect(try store.reader.run("run_3")?.missed == 3)
        #expect(try store.reader.attempts(of: "run_1").count == 1)
        #expect(try store.reader.totals().events == 2, "the number of the event that is gone is not given again")
        let problems = try store.reader.read("checking") { db in
            try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count
                + Row.fetchAll(db, sql: "PRAGMA integrity_check").count - 1
        }
        #expect(problems == 0)
        let foreignKeys: Int? = try store.write("asking") { db in try db.value("PRAGMA foreign_keys") }
        #expect(foreignKeys == 1, "what refers to nothing is refused again")
        let claimed = try store.claim(
            now: StateFixture.at(1), owner: "one", leaseFor: .seconds(60), limit: 9, concurrency: { _ in 9 })
        #expect(claimed.map(\.run.id) == ["run_2"])
        let waiting: Int? = try store.write("asking") { db in try db.value("SELECT sum(waiting) FROM queue_lane") }
        #expect(waiting == 0)
    }
}
