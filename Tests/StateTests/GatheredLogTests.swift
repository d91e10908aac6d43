import Foundation
import GRDB
import TestSupport
import Testing

@testable import State

@Suite struct GatheredLogTests {
    /// A database whose log is gathered, with a table of rows of a page each.
    private struct Gathered {
        let path: String
        let pool: DatabasePool
        private let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
            path = directory.path("a.db")
            pool = try DatabasePool(path: path)
            let isGathered = try pool.writeWithoutTransaction { db in
                try Connection.makeDurable(db)
                try db.execute(sql: "CREATE TABLE row (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
                return GatheredLog.gather(db)
            }
            #expect(isGathered)
        }

        func insert(_ numbers: Range<Int>, _ db: Database, letter: String = "x") throws {
            for number in numbers {
                try db.execute(
                    sql: "INSERT INTO row VALUES (?, CAST(? AS BLOB))",
                    arguments: [number, String(repeating: letter, count: 4_000)])
            }
        }

        /// As another connection sees it.
        func count() throws -> Int? { try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } }

        func check() throws {
            try pool.close()
            let again = try DatabaseQueue(path: path)
            #expect(try again.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
        }
    }

    @Test func `others read each commit at once`() throws {
        let gathered = try Gathered()
        for number in 0..<50 {
            try gathered.pool.write { db in try gathered.insert(number..<(number + 1), db) }
            #expect(try gathered.count() == number + 1)
        }
        try gathered.check()
    }

    @Test func `a commit is in the file when it is told`() throws {
        let gathered = try Gathered()
        try gathered.pool.write { db in try gathered.insert(0..<10, db) }
        // As after a crash: what is in the memory of the first connection does not count.
        let directory = try TemporaryDirectory()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: gathered.path + suffix, toPath: directory.path("b.db" + suffix))
        }
        let copy = try DatabaseQueue(path: directory.path("b.db"))
        #expect(try copy.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } == 10)
    }

    @Test func `a transaction is longer than what is gathered and than the memory for pages`() throws {
        let gathered = try Gathered()
        try gathered.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_size = 20")
            try db.inTransaction {
                try gathered.insert(0..<500, db)
                // Pages that are only in the log are read back, changed, and written over.
                try db.execute(
                    sql: "UPDATE row SET bytes = CAST(replace(bytes, 'x', 'y') AS BLOB) WHERE number % 3 = 0")
                let changed = "SELECT count(*) FROM row WHERE substr(bytes, 4000) = CAST('y' AS BLOB)"
                #expect(try Int.fetchOne(db, sql: changed) == 167)
                return .commit
            }
        }
        #expect(try gathered.count() == 500)
        try gathered.check()
    }

    @Test func `what was taken back leaves nothing behind`() throws {
        let gathered = try Gathered()
        try gathered.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_size = 20")
            for round in 0..<5 {
                try db.inTransaction {
                    try gathered.insert(1_000..<1_300, db, letter: "z")
                    return .rollback
                }
                try db.inTransaction {
                    try gathered.insert((round * 7)..<(round * 7 + 7), db)
                    return .commit
                }
            }
        }
        #expect(try gathered.count() == 35)
        try gathered.check()
    }

    @Test func `the log is written back and begins anew`() throws {
        let gathered = try Gathered()
        for round in 0..<4 {
            try gathered.pool.write { db in try gathered.insert((round * 100)..<(round * 100 + 100), db) }
            try gathered.pool.writeWithoutTransaction { db in
                _ = try db.checkpoint(round % 2 == 0 ? .truncate : .full)
            }
            #expect(try gathered.count() == round * 100 + 100)
        }
        try gathered.check()
    }

    @Test func `pages of 64 KiB`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("a.db")
        var configuration = GRDB.Configuration()
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA page_size = 65536") }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            try Connection.makeDurable(db)
            try db.execute(sql: "CREATE TABLE row (bytes BLOB)")
            #expect(GatheredLog.gather(db))
            for _ in 0..<10 { try db.execute(sql: "INSERT INTO row VALUES (zeroblob(300000))") }
        }
        #expect(try pool.read { try Int.fetchOne($0, sql: "SELECT sum(length(bytes)) FROM row") } == 3_000_000)
        try pool.close()
    }

    #if os(Linux)
        @Test func `a commit is written in few pieces`() throws {
            let gathered = try Gathered()
            let pieces = { () throws -> Int in
                let text = try String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8)
                let line = text.split(separator: "\n").first { $0.hasPrefix("syscw: ") }
                return line.flatMap { Int($0.dropFirst(7)) } ?? 0
            }
            let used = try gathered.pool.writeWithoutTransaction { db in
                let before = try pieces()
                try db.inTransaction {
                    try gathered.insert(0..<100, db)
                    return .commit
                }
                return try pieces() - before
            }
            // Without it there are two for each of more than a hundred pages.
            #expect(used > 0 && used < 20)
        }
    #endif
}
