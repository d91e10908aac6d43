import Dispatch
import GRDB
import TestSupport
import Testing
import Values

@testable import State

@Suite struct ReaderTests {
    @Test func `a reader of its own sees each commit while the writer goes on`() throws {
        let fixture = try StateFixture()
        let reader = try #require(try StateReader.open(at: fixture.path))
        for number in 1...20 {
            _ = try fixture.store.accept(.test("\(number)"))
            #expect(try reader.events(Page(limit: 100)).items.count == number)
        }
    }

    @Test func `readers and the writer do not wait for each other`() async throws {
        let fixture = try StateFixture()
        let events = 200
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...events { _ = try fixture.store.accept(.test("\(number)")) }
            }
            for _ in 1...3 {
                group.addTask {
                    let reader = try #require(try StateReader.open(at: fixture.path))
                    var last = 0
                    try await waitUntil("every event is seen", timeout: .seconds(60)) {
                        let count = try reader.events(Page(limit: 500)).items.count
                        #expect(count >= last)
                        last = count
                        return count == events
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a reader works after the writer is gone`() throws {
        let fixture = try StateFixture()
        let event = try fixture.store.accept(.test()).event
        let reader = try #require(try StateReader.open(at: fixture.path))
        try fixture.store.close()
        #expect(try reader.event(event)?.summary.name == "push")
    }

    @Test("fault D79: a read that does not end is ended, and keeps the log from nothing any more")
    func deadline() throws {
        let fixture = try StateFixture()
        try fixture.createAgents("brief")
        let error = #expect(throws: StateError.self) {
            try fixture.reader.read("counting for ever", within: .milliseconds(50)) { db in
                try Int.fetchOne(
                    db,
                    sql: """
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n
                        """)
            }
        }
        #expect(error?.code == .tooSlow)
        #expect(error?.message.hasPrefix("counting for ever took too long") == true)
        // The connection serves the next one, and nothing holds the log.
        #expect(try fixture.reader.latestRevision()?.number == 1)
        try fixture.store.write("filling") { db in
            try db.execute(sql: "CREATE TABLE filler AS SELECT zeroblob(3000000) AS bytes")
        }
        try fixture.store.close()
        #expect(FileFacts(fixture.path + "-wal").map(\.size) ?? 0 == 0)
    }

    @Test("fault D79: the size of the log is told")
    func sizes() throws {
        let fixture = try StateFixture()
        let before = fixture.reader.sizes
        _ = try fixture.store.accept(.test(payload: .noise(50_000)))
        #expect(fixture.reader.sizes.log > before.log)
        #expect(before.file > 0)
    }

    @Test func `a change wakes who waits for one, and closing ends the waiting`() async throws {
        let fixture = try StateFixture()
        var changes = fixture.store.changes().makeAsyncIterator()
        _ = try fixture.store.accept(.test())
        _ = try fixture.store.accept(.test())
        #expect(await changes.next() != nil)
        try fixture.store.close()
        #expect(await changes.next() == nil)
    }

    @Test func `what changes nothing wakes nobody`() async throws {
        let fixture = try StateFixture()
        var changes = fixture.store.changes().makeAsyncIterator()
        #expect(try fixture.claim().isEmpty)
        try fixture.store.follow(nil)
        try fixture.store.close()
        #expect(await changes.next() == nil)
    }

    @Test func `closing waits for who reads, and lets nobody read afterwards`() throws {
        for _ in 0..<20 {
            let fixture = try StateFixture()
            _ = try fixture.store.accept(.test())
            let reader = fixture.reader
            // Threads of their own: tasks that never wait would leave none for the one that closes.
            let reading = DispatchGroup()
            let hasRead = DispatchSemaphore(value: 0)
            for _ in 0..<2 {
                DispatchQueue.global().async(group: reading) {
                    while (try? reader.events()) != nil { hasRead.signal() }
                }
            }
            hasRead.wait()
            try fixture.store.close()
            reading.wait()
            #expect(try code { _ = try reader.events() } == .closed)
        }
    }

    @Test func `after closing, everything is an error`() throws {
        let fixture = try StateFixture()
        try fixture.store.close()
        #expect(try code { _ = try fixture.store.accept(.test()) } == .closed)
        #expect(throws: StateError.self) { try fixture.reader.events() }
    }

    @Test func `lists have the beginning of a long output, a run by its id has all of it`() throws {
        let fixture = try StateFixture()
        try fixture.createAgents("brief")
        for length in [1_024, 1_025] {
            let id = try fixture.enqueue(fixture.run(nil), at: StateFixture.start)
            let output = String(repeating: "é", count: length)
            try fixture.store.complete(
                try fixture.claimOne().lease, RunOutcome(.succeeded, output: output), at: StateFixture.at(1))
            #expect(try fixture.reader.run(id)?.output == output)
            let listed = try fixture.reader.runs().items.first?.output
            #expect(listed == (length == 1_024 ? output : String(output.dropLast()) + "… (cut)"))
        }
    }
}
