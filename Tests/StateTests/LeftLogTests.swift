import Foundation
import GRDB
import TestSupport
import Testing
import Values

@testable import State

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct LeftLogTests {
    /// A state as a crash leaves it: with its log, which nobody writes back.
    private static func crashed(_ directory: TemporaryDirectory) throws -> String {
        let fixture = try StateFixture()
        for number in 0..<5 { _ = try fixture.store.accept(.test("e\(number)", payload: .noise(3_000))) }
        let path = directory.path("left.db")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: path + suffix)
        }
        return path
    }

    private static func writtenAt(_ path: String) throws -> Date {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
    }

    @Test("fault D75: what a log may hold in memory alone is written again before anything is put behind it")
    func writtenAgain() throws {
        let directory = try TemporaryDirectory()
        let path = try Self.crashed(directory)
        let log = path + "-wal"
        let before = try Data(contentsOf: URL(fileURLWithPath: log))
        let long = Date(timeIntervalSince1970: 1_000_000)
        try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: log)
        // Readers have nothing to do with it.
        _ = try StateReader.open(at: path)?.events()
        #expect(try Self.writtenAt(log) == long)
        let store = try StateFixture.open(path)
        #expect(try Self.writtenAt(log) > long)
        #expect(try Data(contentsOf: URL(fileURLWithPath: log)) == before)
        #expect(try store.reader.events().items.count == 5)
        try store.close()
    }

    @Test("fault D75: a log is not written again while another program writes")
    func locked() throws {
        let directory = try TemporaryDirectory()
        let path = try Self.crashed(directory)
        let long = Date(timeIntervalSince1970: 1_000_000)
        let other = try DatabaseQueue(path: path)
        try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: path + "-wal")
        var configuration = Connection.configuration(label: "test")
        configuration.busyMode = .immediateError
        let own = try DatabaseQueue(path: path, configuration: configuration)
        try other.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                #expect(throws: DatabaseError.self) {
                    try own.writeWithoutTransaction { try LeftLog.writeAgain(ofStateAt: path, $0) }
                }
                let written = try Self.writtenAt(path + "-wal")
                #expect(written == long)
                return .rollback
            }
        }
        try own.writeWithoutTransaction { try LeftLog.writeAgain(ofStateAt: path, $0) }
        #expect(try Self.writtenAt(path + "-wal") > long)
    }
}
