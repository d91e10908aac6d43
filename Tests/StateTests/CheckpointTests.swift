import Foundation
import GRDB
import TestSupport
import Testing

@testable import State

@Suite struct CheckpointTests {
    @Test func `the log is written back while commits go on, and begins anew`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("a.db")
        var limits = Checkpointer.Limits()
        (limits.enough, limits.few, limits.most) = (32, 8, 128)
        let checkpointer = Checkpointer(path: path, limits: limits)
        let pool = try DatabasePool(path: path)
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF")
            try db.execute(sql: "CREATE TABLE row (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
            checkpointer.watch(db)
        }
        let count = 1_500
        var longest: Int64 = 0
        for number in 0..<count {
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "INSERT INTO row VALUES (?, zeroblob(4000))", arguments: [number])
            }
            longest = max(longest, FileFacts(path + "-wal")?.size ?? 0)
        }
        // What was written is ten times as long.
        #expect(longest > 0 && longest < 1 << 20)
        #expect((FileFacts(path)?.size ?? 0) > 4 << 20)
        checkpointer.close()
        try pool.close()
        let again = try DatabaseQueue(path: path)
        #expect(try again.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } == count)
        #expect(try again.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    @Test func `a reader that does not end keeps the log, and nobody waits for it`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("a.db")
        var limits = Checkpointer.Limits()
        (limits.enough, limits.few, limits.most) = (16, 4, 64)
        let checkpointer = Checkpointer(path: path, limits: limits)
        let pool = try DatabasePool(path: path)
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF")
            try db.execute(sql: "CREATE TABLE row (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
            checkpointer.watch(db)
        }
        try pool.read { reading in
            // A read begins with its first statement.
            #expect(try Int.fetchOne(reading, sql: "SELECT count(*) FROM row") == 0)
            for number in 0..<200 {
                try pool.writeWithoutTransaction { db in
                    try db.execute(sql: "INSERT INTO row VALUES (?, zeroblob(4000))", arguments: [number])
                }
            }
            #expect(try Int.fetchOne(reading, sql: "SELECT count(*) FROM row") == 0)
        }
        #expect((FileFacts(path + "-wal")?.size ?? 0) > 400 * 1_024)
        for number in 200..<300 {
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "INSERT INTO row VALUES (?, zeroblob(4000))", arguments: [number])
            }
        }
        checkpointer.close()
        #expect(try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } == 300)
        try pool.close()
    }
}
