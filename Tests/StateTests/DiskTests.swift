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
        let large = NewEvent.test("large", payload: .noise(100_000))
        let error = #expect(throws: StateError.self) { try fixture.store.accept(large) }
        #expect(error?.code == .full)
        #expect(error?.isTransient == true)
        #expect(try fixture.reader.event(first) != nil)
        try fixture.store.write("freeing") { db in try db.execute(sql: "PRAGMA max_page_count = 1000000") }
        guard case .accepted = try fixture.store.accept(large) else { throw Missing() }
    }

    @Test("fault D76: space that was held back is given up on a full disk, for what is under way and the alarm alone")
    func reserve() throws {
        let fixture = try StateFixture()
        try fixture.createAgents("brief")
        let file = fixture.path + ".reserve"
        #expect(FileFacts(file) == nil)
        #expect(fixture.store.holdReserve())
        #expect(FileFacts(file)?.size == 16 << 20)
        #expect(FileFacts(file)?.isOpenToOthers == false)
        _ = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        _ = try fixture.enqueue(fixture.run("other"), at: StateFixture.start)
        let run = try fixture.claimOne()
        // This disk says that it has space: one refusal may pass by itself.
        for held in [true, true, false] {
            #expect(
                try code {
                    try fixture.store.write("filling") { _ in throw DatabaseError(resultCode: .SQLITE_FULL) }
                } == .full)
            #expect((FileFacts(file) != nil) == held)
        }
        #expect(fixture.store.isOutOfSpace)
        #expect(fixture.reader.writeProblem == "the disk is full: the state cannot be written")
        // Nothing new, neither from outside nor from the queue.
        #expect(try code { _ = try fixture.store.accept(.test("new")) } == .full)
        #expect(try code { _ = try fixture.claim() } == .full)
        // What is under way comes to its end, and the alarm is recorded.
        try fixture.store.complete(run.lease, RunOutcome(.succeeded), at: StateFixture.at(1))
        try fixture.store.raise(.diskFull, "full", at: StateFixture.at(1))
        try fixture.store.raise(.diskFull, "again", at: StateFixture.at(2))
        #expect(try fixture.reader.alarms().map(\.message) == ["full"])
        #expect(fixture.reader.writeProblem != nil)
        #expect(fixture.store.holdReserve())
        try fixture.store.end(.diskFull, at: StateFixture.at(3))
        #expect(try fixture.reader.alarms().map(\.endedAt) == [StateFixture.at(3)])
        #expect(fixture.reader.writeProblem == nil)
        #expect(try fixture.claim().count == 1)
        guard case .accepted = try fixture.store.accept(.test("new")) else { throw Missing() }
        try fixture.store.close()
        #expect(FileFacts(file) == nil)
    }

    @Test("fault D76: what found the disk full is recorded in the space that is given up for it")
    func givenForThis() throws {
        let fixture = try StateFixture()
        #expect(fixture.store.holdReserve())
        var tries = 0
        // This disk says that it has space: two refusals may pass by themselves.
        for isRecorded in [false, false, true] {
            tries = 0
            let code = try code {
                try fixture.store.write("recording an end", isUrgent: true) { _ in
                    tries += 1
                    if tries == 1 { throw DatabaseError(resultCode: .SQLITE_FULL) }
                }
            }
            #expect(code == (isRecorded ? nil : .full))
            #expect(tries == (isRecorded ? 2 : 1))
        }
        #expect(fixture.store.isOutOfSpace)
    }

    @Test("fault D76: a reserve that a crash left is taken over, and one that is cut short is made anew")
    func leftReserve() throws {
        let directory = try TemporaryDirectory()
        let reserve = DiskReserve(ofStateAt: directory.path("state.db"))
        try directory.write("state.db.reserve", "short")
        #expect(reserve.make())
        #expect(FileFacts(reserve.path)?.size == DiskReserve.bytes)
        let next = DiskReserve(ofStateAt: directory.path("state.db"))
        #expect(next.make())
        #expect(next.give() && !next.give())
        #expect(next.isGiven && FileFacts(reserve.path) == nil)
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
