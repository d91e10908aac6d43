import Foundation
import GRDB
import State
import TestSupport
import Testing
import Values

/// Others at the same file.
@Suite struct ContentionTests {
    let directory: TemporaryDirectory
    var path: String { directory.path("writ/state.db") }

    init() throws { directory = try TemporaryDirectory() }

    /// Another program's connection, as `sqlite3` opens one.
    private func stranger() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    @Test("fault D78: a writer waits for its turn, and never fails because somebody else wrote meanwhile")
    func turns() async throws {
        let store = try StateFixture.open(path)
        let queue = try stranger()
        try await queue.write { db in try db.execute(sql: "CREATE TABLE scratch (n INTEGER)") }
        // Deferred transactions that read first would fail at once here, whatever the timeout is.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<100 {
                    try await queue.write { db in
                        try db.execute(sql: "INSERT INTO scratch VALUES (?)", arguments: [number])
                    }
                }
            }
            group.addTask {
                for number in 0..<100 { _ = try store.accept(.test("\(number)")) }
            }
            try await group.waitForAll()
        }
        #expect(try store.reader.events(Page(limit: 500)).items.count == 100)
        try queue.close()
    }

    @Test("fault D80: another program that reads and writes the file leaves it sound")
    func strangers() async throws {
        let store = try StateFixture.open(path)
        let queue = try stranger()
        let payload = JSON.noise(20_000)
        for number in 0..<60 {
            _ = try store.accept(.test("\(number)", payload: payload))
            try await queue.write { db in
                _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM event")
                try db.execute(sql: "CREATE TABLE IF NOT EXISTS scratch (n INTEGER)")
                try db.execute(sql: "INSERT INTO scratch VALUES (?)", arguments: [number])
                if number % 20 == 0 { try db.execute(sql: "DELETE FROM scratch") }
            }
            if number % 15 == 0 { _ = try await queue.writeWithoutTransaction { try $0.checkpoint(.passive) } }
        }
        try queue.close()
        #expect(try store.reader.events(Page(limit: 500)).items.count == 60)
        try store.close()
        let checkup = try #require(try StateCheckup(path: path))
        #expect(checkup.damage.isEmpty)
    }

    @Test("fault D81: a lock that somebody keeps is told after five seconds, and waited for no longer")
    func locked() async throws {
        let store = try StateFixture.open(path)
        let queue = try stranger()
        let began = ContinuousClock.now
        let error = try await queue.writeWithoutTransaction { db -> StateError? in
            try db.execute(sql: "BEGIN IMMEDIATE")
            let error = #expect(throws: StateError.self) { try store.accept(.test("waits")) }
            try db.execute(sql: "ROLLBACK")
            return error
        }
        #expect(error?.code == .busy && error?.isTransient == true)
        #expect(began.duration(to: .now) >= .seconds(4))
        // As if nothing had been.
        _ = try store.accept(.test("waits"))
        #expect(try store.reader.events().items.count == 1)
        try queue.close()
    }
}
