import GRDB
import TestSupport
import Testing
import Values

@testable import State

@Suite struct DiskTests {
    @Test("fault D76: a full disk is told, reading goes on, and writing goes on when there is space")
    func full() throws {
        let fixture = try StateFixture()
        let first = try fixture.store.accept(.test("first")).event
        try fixture.store.write("limiting") { db in
            let pages = try #require(try Int.fetchOne(db, sql: "PRAGMA page_count"))
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
        }
        let large = NewEvent.test("large", payload: .string(String(repeating: "x", count: 100_000)))
        let error = #expect(throws: StateError.self) { try fixture.store.accept(large) }
        #expect(error?.code == .full)
        #expect(error?.isTransient == true)
        #expect(try fixture.reader.event(first) != nil)
        try fixture.store.write("freeing") { db in try db.execute(sql: "PRAGMA max_page_count = 1000000") }
        guard case .accepted = try fixture.store.accept(large) else { throw Missing() }
    }

    @Test("fault D75: after an error of the disk nothing is written any more")
    func broken() throws {
        let fixture = try StateFixture()
        #expect(
            try code {
                try fixture.store.write("syncing") { _ in
                    throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC, message: "disk I/O error")
                }
            } == .io)
        #expect(try code { _ = try fixture.store.accept(.test()) } == .io)
        #expect(try fixture.reader.events().items.isEmpty)
    }

    @Test func `an error says nothing of what is stored`() throws {
        let fixture = try StateFixture()
        let error = #expect(throws: StateError.self) {
            try fixture.store.write("recording") { db in
                try db.run("INSERT INTO event (id) VALUES (:id)", ["id": "s3cret"])
            }
        }
        #expect(error?.code == .conflict)
        #expect(error?.description.contains("NOT NULL constraint failed") == true)
        #expect(error?.description.contains("s3cret") == false)
    }

    @Test func `a row that is not as expected is damage`() throws {
        let fixture = try StateFixture()
        try fixture.createAgents("brief")
        try fixture.store.write("spoiling") { db in
            try db.execute(sql: "UPDATE revision SET plan_digest = 'md5:1'")
        }
        #expect(try code { _ = try fixture.reader.appliedState() } == .damaged)
    }
}
