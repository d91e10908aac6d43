import Foundation
import GRDB
import GRDBSQLite
import TestSupport
import Testing

@testable import State

@Suite struct GatheredWritesTests {
    private static let header = 32
    private static let page = 512

    /// A log of a connection's, which does nothing more itself.
    private final class Log {
        private let directory: TemporaryDirectory
        private let path: String
        private var connection: OpaquePointer?
        private let file: UnsafeMutablePointer<sqlite3_file>
        private let methods: sqlite3_io_methods

        /// Empty.
        init() throws {
            _ = Connection.configuration(label: "test")
            directory = try TemporaryDirectory()
            path = directory.path("a.db")
            let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            try #require(sqlite3_open_v2(path, &connection, flags, "writ") == SQLITE_OK)
            try #require(
                sqlite3_exec(connection, "PRAGMA journal_mode = WAL; CREATE TABLE row (number)", nil, nil, nil)
                    == SQLITE_OK
            )
            var found: UnsafeMutablePointer<sqlite3_file>?
            try #require(sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &found) == SQLITE_OK)
            file = try #require(found)
            methods = try #require(file.pointee.pMethods).pointee
            try truncate(0)
        }

        deinit { sqlite3_close(connection) }

        /// What is in the file for everybody.
        var bytes: [UInt8] { Array((try? Data(contentsOf: URL(fileURLWithPath: path + "-wal"))) ?? Data()) }

        func write(_ bytes: [UInt8], at offset: Int) throws {
            try #require(methods.xWrite?(file, bytes, Int32(bytes.count), Int64(offset)) == SQLITE_OK)
        }

        /// As long as asked for: behind the end there are zeros.
        func read(_ count: Int, at offset: Int) throws -> [UInt8] {
            var bytes = [UInt8](repeating: 0xFF, count: count)
            let code = methods.xRead?(file, &bytes, Int32(count), Int64(offset))
            try #require(code == SQLITE_OK || code == SQLITE_IOERR | 2 << 8 /* SHORT_READ */)
            return bytes
        }

        func sync() throws { try #require(methods.xSync?(file, SQLITE_SYNC_NORMAL) == SQLITE_OK) }
        func truncate(_ size: Int) throws { try #require(methods.xTruncate?(file, Int64(size)) == SQLITE_OK) }

        func size() throws -> Int {
            var size: Int64 = 0
            try #require(methods.xFileSize?(file, &size) == SQLITE_OK)
            return Int(size)
        }
    }

    private static func frame(_ byte: UInt8, isLast: Bool) -> [[UInt8]] {
        [
            [0, 0, 0, byte, 0, 0, 0, isLast ? 9 : 0] + [UInt8](repeating: byte, count: 16),
            [UInt8](repeating: byte, count: page),
        ]
    }

    @Test func `the frames of a transaction go to the log together with its last one`() throws {
        let log = try Log()
        let header = [UInt8](repeating: 7, count: Self.header)
        try log.write(header, at: 0)
        #expect(log.bytes == header)
        var all = header
        for (byte, isLast) in [(1, false), (2, false), (3, true), (4, false), (5, true)] as [(UInt8, Bool)] {
            let before = log.bytes
            for part in Self.frame(byte, isLast: isLast) {
                #expect(log.bytes == before)
                try log.write(part, at: all.count)
                all += part
            }
            #expect(log.bytes == (isLast ? all : before))
        }
    }

    @Test func `what a transaction writes anew in the log goes there at once, behind what it wrote before`() throws {
        let log = try Log()
        var all = [UInt8](repeating: 7, count: Self.header)
        try log.write(all, at: 0)
        for part in Self.frame(1, isLast: false) + Self.frame(2, isLast: false) {
            try log.write(part, at: all.count)
            all += part
        }
        // A page, and the header of its frame.
        let places = [
            (Self.header + 24, [UInt8](repeating: 8, count: Self.page)),
            (Self.header, [UInt8](repeating: 9, count: 24)),
        ]
        for (place, bytes) in places {
            try log.write(bytes, at: place)
            all.replaceSubrange(place..<(place + bytes.count), with: bytes)
            #expect(log.bytes == all)
        }
    }

    @Test(arguments: ["sync", "truncate", "size"])
    func `pages are in the log before anything that relies on them`(what: String) throws {
        let log = try Log()
        let parts = Self.frame(1, isLast: false)
        try log.write(parts[0], at: 0)
        try log.write(parts[1], at: parts[0].count)
        let all = parts[0] + parts[1]
        #expect(log.bytes.isEmpty)
        #expect(try log.read(100, at: 10) == Array(all[10..<110]))
        #expect(log.bytes == all)
        try log.write(parts[1], at: all.count)
        switch what {
        case "sync": try log.sync()
        case "truncate": try log.truncate(all.count + 10)
        default: #expect(try log.size() == all.count + Self.page)
        }
        let whole = all + parts[1]
        #expect(log.bytes == (what == "truncate" ? Array(whole.prefix(all.count + 10)) : whole))
    }

    @Test(arguments: 0..<20)
    func `a log has what was written to it in any order, as its writer sees it and on the disk`(seed: Int)
        throws
    {
        var random = SeededRandom(UInt64(seed))
        let log = try Log()
        var model: [UInt8] = []
        for _ in 0..<400 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                let size = Int.random(in: 0...model.count, using: &random)
                try log.truncate(size)
                model.removeLast(model.count - size)
            case 1:
                try log.sync()
                #expect(log.bytes == model)
            case 2, 3:
                let place = Int.random(in: 0...(model.count + 100), using: &random)
                let expected = Array(model.dropFirst(place).prefix(700))
                let zeros = [UInt8](repeating: 0, count: 700 - expected.count)
                #expect(try log.read(700, at: place) == expected + zeros)
            case let other:
                // Mostly behind what is there, as frames and pages come.
                let place = other < 6 ? Int.random(in: 0...model.count, using: &random) : model.count
                let count = [24, 24, 32, Self.page, 4_096, 65_536].randomElement(using: &random) ?? 24
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                try log.write(bytes, at: place)
                model.replaceSubrange(place..<min(model.count, place + count), with: bytes)
            }
        }
        try log.sync()
        #expect(log.bytes == model)
    }

    /// A cache of few pages makes SQLite write frames in the middle of transactions, and write them anew.
    @Test(arguments: ["OFF", "NORMAL", "FULL"])
    func `transactions larger than SQLite's memory, rolled back in part, are as SQLite alone reads them`(
        synchronous: String
    ) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("a.db")
        var random = SeededRandom(5)
        var expected: [Int: Int] = [:]
        let pool = try DatabasePool(path: path, configuration: Connection.configuration(label: "test"))
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = \(synchronous); PRAGMA cache_size = 10")
            try db.execute(sql: "CREATE TABLE row (number INTEGER PRIMARY KEY, value INTEGER, bytes BLOB)")
            for round in 0..<30 {
                try db.inTransaction {
                    let before = expected
                    for _ in 0..<200 {
                        let number = Int.random(in: 0..<400, using: &random)
                        let size = Int.random(in: 0..<3_000, using: &random)
                        try db.execute(
                            sql: "INSERT OR REPLACE INTO row VALUES (?, ?, zeroblob(?))",
                            arguments: [number, round, size])
                        expected[number] = round
                        guard Int.random(in: 0..<20, using: &random) == 0 else { continue }
                        try db.inSavepoint {
                            try db.execute(
                                sql: "UPDATE row SET value = -1, bytes = zeroblob(2000) WHERE number % 3 = 0")
                            return .rollback
                        }
                    }
                    guard round % 4 == 3 else { return .commit }
                    expected = before
                    return .rollback
                }
                if round % 7 == 6 { try db.checkpoint(.passive) }
                let found = try Row.fetchAll(db, sql: "SELECT number, value FROM row")
                #expect(Dictionary(uniqueKeysWithValues: found.map { ($0[0] as Int, $0[1] as Int) }) == expected)
            }
        }
        // Another reader of this process, and SQLite's own way to the same files, log included.
        #expect(try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } == expected.count)
        let copy = directory.path("copy.db")
        for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix) }
        #expect(try Self.readAlone(copy, "PRAGMA integrity_check") == [["ok"]])
        let pairs = expected.sorted { $0.key < $1.key }.map { ["\($0.key)", "\($0.value)"] }
        #expect(try Self.readAlone(copy, "SELECT number, value FROM row ORDER BY number") == pairs)
        try pool.close()
    }

    /// What SQLite wrote of a transaction before it was rolled back is nobody's, and what another program writes next stands
    /// in the same place.
    @Test func `what is rolled back is written over nothing that another program stored (fault D80)`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("a.db")
        let pool = try DatabasePool(path: path, configuration: Connection.configuration(label: "test"))
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 0")
            try db.execute(sql: "CREATE TABLE row (number INTEGER PRIMARY KEY, bytes BLOB)")
            for count in [15, 25, 40, 55] {
                try db.inTransaction(.immediate) {
                    for _ in 0..<count { try db.execute(sql: "INSERT INTO row (bytes) VALUES (randomblob(3000))") }
                    return .rollback
                }
                let before = try Int.fetchOne(db, sql: "SELECT count(*) FROM row") ?? -1
                for _ in 0..<12 {
                    _ = try Self.readAlone(path, "INSERT INTO row (bytes) VALUES (randomblob(2000)) RETURNING number")
                }
                #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM row") == before + 12)
                try db.execute(sql: "INSERT INTO row (bytes) VALUES ('ours')")
                #expect(try Self.readAlone(path, "PRAGMA integrity_check") == [["ok"]])
                #expect(try Self.readAlone(path, "SELECT count(*) FROM row") == [["\(before + 13)"]])
            }
        }
    }

    /// A checkpoint tells its end, and does not ask whether that went well: what was to be in the file then is lost if it is
    /// written only then, and cannot be.
    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a file system"), arguments: [false, true])
    func `a log that a full disk does not let be written back stays in force (fault D76)`(isRead: Bool) throws {
        let disk = try SmallDisk(kilobytes: 1_024)
        let path = disk.path + "/a.db"
        let pool = try DatabasePool(path: path, configuration: Connection.configuration(label: "test"))
        let reader = try DatabasePool(path: path, configuration: Connection.configuration(label: "test"))
        func insert(_ count: Int) throws {
            try pool.write { db in
                for _ in 0..<count { try db.execute(sql: "INSERT INTO row (bytes) VALUES (randomblob(3000))") }
            }
        }
        try pool.write { db in try db.execute(sql: "CREATE TABLE row (number INTEGER PRIMARY KEY, bytes BLOB)") }
        try insert(12)
        var snapshot: DatabaseSnapshot?
        if isRead {
            // What comes after it cannot be written back while it is open.
            snapshot = try reader.makeSnapshot()
            #expect(try snapshot?.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } == 12)
            try insert(3)
        }
        let expected = isRead ? 15 : 12
        try disk.fill()
        #expect(throws: DatabaseError.self) { try pool.writeWithoutTransaction { try $0.checkpoint(.passive) } }
        try disk.free()
        snapshot = nil
        #expect(try reader.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        #expect(try reader.read { try Int.fetchOne($0, sql: "SELECT sum(length(bytes)) FROM row") } == expected * 3_000)
        try insert(5)
        _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        #expect(try Self.readAlone(path, "PRAGMA integrity_check") == [["ok"]])
        #expect(try Self.readAlone(path, "SELECT count(*) FROM row") == [["\(expected + 5)"]])
    }

    /// Whoever goes on after an error, with the same transaction or with the next, finds all or nothing.
    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a file system"), arguments: 0..<20)
    func `a disk that is full at any write leaves transactions whole (faults D76, D77)`(seed: Int) throws {
        var random = SeededRandom(UInt64(seed))
        let disk = try SmallDisk(kilobytes: 2_048)
        let path = disk.path + "/a.db"
        let pool = try DatabasePool(path: path, configuration: Connection.configuration(label: "test"))
        var failures = 0
        try pool.writeWithoutTransaction { db in
            // Frames are written, and read again, in the middle of transactions.
            try db.execute(sql: "PRAGMA cache_size = 10")
            // The check is why SQLite takes back a statement alone where it can.
            try db.execute(
                sql: "CREATE TABLE row (number INTEGER PRIMARY KEY, value INTEGER CHECK (value >= 0), bytes BLOB)")
            var committed: [Int: Int] = [:]
            for round in 0..<25 {
                var isFull = Bool.random(using: &random)
                if isFull { try disk.fill(leaving: Int.random(in: 0..<60, using: &random) * 4_096) }
                var open = committed
                try db.execute(sql: "BEGIN IMMEDIATE")
                for _ in 0..<Int.random(in: 1..<60, using: &random) where db.isInsideTransaction {
                    let number = Int.random(in: 0..<100, using: &random)
                    let size = Int.random(in: 0..<3_000, using: &random)
                    // The latter may fail in the middle of its rows, and be taken back alone.
                    let isOne = Int.random(in: 0..<5, using: &random) > 0
                    do {
                        try db.execute(
                            sql: isOne
                                ? "INSERT OR REPLACE INTO row VALUES (\(number), \(round), randomblob(\(size)))"
                                : "UPDATE row SET value = \(round), bytes = randomblob(\(size)) WHERE number < \(number)"
                        )
                        if isOne { open[number] = round }
                        if !isOne { for key in open.keys where key < number { open[key] = round } }
                    } catch let error as DatabaseError {
                        #expect(StateError(error, while: "testing").code == .full)
                        failures += 1
                        // What comes next may find space again.
                        if isFull, Bool.random(using: &random) {
                            try disk.free()
                            isFull = false
                        }
                    }
                }
                do {
                    if db.isInsideTransaction {
                        try db.execute(sql: "COMMIT")
                        committed = open
                    }
                } catch let error as DatabaseError {
                    #expect(StateError(error, while: "testing").code == .full)
                    failures += 1
                }
                if db.isInsideTransaction { try db.execute(sql: "ROLLBACK") }
                if round % 3 == 0 { _ = try? db.checkpoint(.passive) }
                if isFull { try disk.free() }
                if round % 4 == 0 { _ = try db.checkpoint(.truncate) }
                let found = try Row.fetchAll(db, sql: "SELECT number, value FROM row")
                #expect(Dictionary(uniqueKeysWithValues: found.map { ($0[0] as Int, $0[1] as Int) }) == committed)
                #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
            }
        }
        #expect(failures > 0)
        try pool.close()
        #expect(try Self.readAlone(path, "PRAGMA integrity_check") == [["ok"]])
    }

    private static func readAlone(_ path: String, _ sql: String) throws -> [[String]] {
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        try #require(sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, "unix") == SQLITE_OK)
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        try #require(sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK)
        var rows: [[String]] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            rows.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
                })
        }
        return rows
    }
}
