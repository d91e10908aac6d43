import Foundation
import State
import TestSupport
import Testing
import Values

/// A backup in the place of a state.
@Suite struct RestoreTests {
    let directory: TemporaryDirectory
    var path: String { directory.path("writ/state.db") }
    var backup: String { directory.path("backup.db") }

    init() throws { directory = try TemporaryDirectory() }

    private func restore() throws(StateError) -> StateRestore.Outcome {
        try StateRestore(backup: backup, to: path).run(command: "writ restore", now: StateFixture.start)
    }

    private func keys(_ reader: StateReader?) throws -> [String] {
        try #require(reader).events(Page(limit: 500)).items.compactMap(\.dedupeKey).sorted()
    }

    /// A backup with one event, and a state that has another one in its log, as a crash leaves it.
    private func crashed() throws {
        let store = try StateFixture.open(path)
        _ = try store.accept(.test("before"))
        _ = try store.reader.backUp(to: backup)
        _ = try store.accept(.test("after"))
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + end, toPath: directory.path("crashed") + end)
        }
        try store.close()
        for end in ["", "-wal", "-shm"] { try directory.remove("writ/state.db" + end) }
        for end in ["", "-wal"] {
            try FileManager.default.moveItem(atPath: directory.path("crashed") + end, toPath: path + end)
        }
    }

    @Test("fault D86: a log that lies there is not played into what is restored")
    func staleLog() throws {
        try crashed()
        #expect(try #require(FileManager.default.contents(atPath: path + "-wal")).count > 0)
        let outcome = try restore()
        #expect(!directory.exists("writ/state.db-wal"))
        #expect(try keys(StateReader.open(at: path)) == ["before"])
        // What was there is whole, with its log.
        let kept = try #require(outcome.kept)
        #expect(try keys(StateReader.open(at: kept)) == ["after", "before"])
        // And it is a state to go on with.
        let store = try StateStore.open(
            at: path, command: "writ serve", now: StateFixture.start,
            identifiers: IdentifierGenerator(now: { 0 }, random: { .random(in: .min ... .max) }))
        _ = try store.accept(.test("next"))
        #expect(try keys(store.reader) == ["before", "next"])
    }

    @Test("fault D83: a damaged state is refused with the command that restores one, and restored by it")
    func damaged() throws {
        try crashed()
        try directory.remove("writ/state.db-wal")
        try directory.write("writ/state.db", Array(repeating: 0x53, count: 50))
        let error = #expect(throws: StateError.self) { try StateFixture.open(path) }
        #expect(error?.code == .notState || error?.code == .damaged)
        var bytes = try directory.read(bytes: "backup.db")
        bytes.removeLast(bytes.count - 8_192)
        try directory.write("writ/state.db", bytes)
        let cut = #expect(throws: StateError.self) { try StateFixture.open(path) }
        #expect(cut?.message.contains("writ restore FILE") == true)
        _ = try restore()
        #expect(try keys(StateReader.open(at: path)) == ["before"])
    }

    @Test func `a restoration that ends half-way is never taken for an empty state`() throws {
        try crashed()
        // The moment in which neither has the name.
        try FileManager.default.moveItem(atPath: backup, toPath: path + ".restored")
        for end in ["", "-wal"] { try directory.remove("writ/state.db" + end) }
        let error = #expect(throws: StateError.self) { try StateFixture.open(path) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("run `writ restore` again") == true)
        #expect(!directory.exists("writ/state.db"))
        try FileManager.default.moveItem(atPath: path + ".restored", toPath: backup)
        #expect(try restore().kept == nil)
        #expect(try keys(StateReader.open(at: path)) == ["before"])
    }

    @Test func `what somebody writes to is not replaced`() throws {
        let store = try StateFixture.open(path)
        _ = try store.accept(.test("here"))
        _ = try store.reader.backUp(to: backup)
        let error = #expect(throws: StateError.self) { try restore() }
        guard case .locked? = error?.code else { throw Missing() }
        #expect(try keys(store.reader) == ["here"])
    }

    @Test func `a damaged backup, or none, changes nothing`() throws {
        try crashed()
        let before = try directory.read(bytes: "writ/state.db")
        var bytes = try directory.read(bytes: "backup.db")
        for place in 4_096..<8_192 { bytes[place] = 0xFF }
        try directory.write("backup.db", bytes)
        let error = #expect(throws: StateError.self) { try restore() }
        #expect(error?.code == .damaged)
        #expect(error?.message.hasPrefix("the backup \(backup) is damaged") == true)
        try directory.write("backup.db", Array(bytes.prefix(6_000)))
        let cut = #expect(throws: StateError.self) { try restore() }
        #expect(cut?.message.hasPrefix("the backup \(backup) is damaged") == true)
        try directory.write("backup.db", "no backup at all, but long enough to be read as one if it were")
        let other = #expect(throws: StateError.self) { try restore() }
        #expect(other?.code == .notState && other?.message.contains("is no backup") == true)
        try directory.remove("backup.db")
        #expect(try code { _ = try restore() } == .notFound)
        #expect(try directory.read(bytes: "writ/state.db") == before)
        #expect(!directory.exists("writ/state.db.restored"))
    }
}
