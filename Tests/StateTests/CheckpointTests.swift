import Foundation
import GRDB
import TestSupport
import Testing

@testable import State

@Suite struct CheckpointTests {
    /// A database whose log is written back within limits, with a table of rows of a page each.
    private struct Written {
        let path: String
        let pool: DatabasePool
        let checkpointer: Checkpointer
        private let directory: TemporaryDirectory

        init(enough: Int, few: Int, most: Int) throws {
            directory = try TemporaryDirectory()
            path = directory.path("a.db")
            var limits = Checkpointer.Limits()
            (limits.enough, limits.few, limits.most) = (enough, few, most)
            let checkpointer = Checkpointer(path: path, limits: limits)
            pool = try DatabasePool(path: path)
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = OFF")
                try db.execute(sql: "CREATE TABLE row (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
                checkpointer.watch(db)
            }
            self.checkpointer = checkpointer
        }

        var logBytes: Int64 { FileFacts(path + "-wal")?.size ?? 0 }

        /// A commit for each.
        func insert(_ numbers: Range<Int>, each: () -> Void = {}) throws {
            for number in numbers {
                try pool.writeWithoutTransaction { db in
                    try db.execute(sql: "INSERT INTO row VALUES (?, zeroblob(4000))", arguments: [number])
                }
                each()
            }
        }
    }

    @Test func `the log is written back while commits go on, and begins anew`() throws {
        let written = try Written(enough: 32, few: 8, most: 128)
        let count = 1_500
        var longest: Int64 = 0
        try written.insert(0..<count) { longest = max(longest, written.logBytes) }
        // What was written is ten times as long.
        #expect(longest > 0 && longest < 1 << 20)
        #expect((FileFacts(written.path)?.size ?? 0) > 4 << 20)
        written.checkpointer.close()
        try written.pool.close()
        let again = try DatabaseQueue(path: written.path)
        #expect(try again.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } == count)
        #expect(try again.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    @Test func `a reader that does not end keeps the log, and nobody waits for it`() throws {
        let written = try Written(enough: 16, few: 4, most: 64)
        try written.pool.read { reading in
            // A read begins with its first statement.
            #expect(try Int.fetchOne(reading, sql: "SELECT count(*) FROM row") == 0)
            try written.insert(0..<200)
            #expect(try Int.fetchOne(reading, sql: "SELECT count(*) FROM row") == 0)
        }
        #expect(written.logBytes > 400 * 1_024)
        try written.insert(200..<300)
        written.checkpointer.close()
        #expect(try written.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } == 300)
        try written.pool.close()
    }
}
