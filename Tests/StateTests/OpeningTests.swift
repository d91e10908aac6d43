import Foundation
import GRDB
import State
import TestSupport
import Testing
import Values

@Suite struct OpeningTests {
    let directory: TemporaryDirectory
    var path: String { directory.path("writ/state.db") }

    init() throws { directory = try TemporaryDirectory() }

    /// Permission bits of a path in the directory.
    private func mode(_ relative: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.path(relative))
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    private func makeState() throws {
        let store = try StateFixture.open(path)
        try store.close()
    }

    @Test("fault D88: a new state is made with its directory, for its owner alone")
    func permissions() throws {
        #expect(try StateReader.open(at: path) == nil)
        let store = try StateFixture.open(path)
        #expect(try store.reader.appliedState() == .empty)
        #expect(try mode("writ") == 0o700)
        for file in ["writ/state.db", "writ/state.db.lock", "writ/state.db-wal", "writ/state.db-shm"] {
            #expect(try mode(file) == 0o600, "\(file)")
        }
        #expect(!directory.exists("writ/state.db.new"))
    }

    @Test func `what was recorded is there after closing and opening`() throws {
        let first = try StateFixture.open(path)
        let event = try first.accept(.test("a")).event
        try first.close()
        let second = try StateFixture.open(path)
        #expect(try second.reader.event(event)?.payload == ["n": 1])
    }

    @Test func `closing writes a large log back, also where somebody else has the state open`() throws {
        let store = try StateFixture.open(path)
        let reader = try #require(try StateReader.open(at: path))
        let payload = JSON.noise(300_000)
        var events: [String] = []
        for number in 0..<5 { events.append(try store.accept(.test("\(number)", payload: payload)).event) }
        #expect(reader.sizes.log > 1 << 20)
        try store.close()
        #expect(reader.sizes.log == 0)
        for event in events { #expect(try reader.event(event)?.payload == payload) }
    }

    @Test func `the second writer is told who the first one is`() throws {
        let first = try StateFixture.open(path, command: "writ serve")
        let holder = LockHolder(
            pid: Int(ProcessInfo.processInfo.processIdentifier), command: "writ serve", startedAt: StateFixture.start)
        let error = #expect(throws: StateError.self) { try StateFixture.open(path, command: "writ apply") }
        #expect(error?.code == .locked(holder))
        #expect(
            error?.message.contains("held by pid \(holder.pid) (writ serve) since 2026-01-01T00:00:00Z") == true,
            "\(String(describing: error))")
        try first.close()
        try StateFixture.open(path).close()
    }

    @Test func `a lock whose holder did not say who it is holds too`() throws {
        let first = try StateFixture.open(path)
        defer { withExtendedLifetime(first) {} }
        try Data("{\"pid\":".utf8).write(to: URL(fileURLWithPath: path + ".lock"), options: [])
        #expect(try code { _ = try StateFixture.open(path) } == .locked(nil))
    }

    @Test("fault D76: the lock file keeps the room for its holder's words, which are said again where they are gone")
    func signedAgain() throws {
        let lock = path + ".lock"
        let first = try StateFixture.open(path, command: "writ serve")
        #expect(StateReader.writer(ofStateAt: path)?.command == "writ serve")
        let length = try Data(contentsOf: URL(fileURLWithPath: lock)).count
        try first.close()
        #expect(StateReader.writer(ofStateAt: path) == nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: lock)).count == length)
        let second = try StateFixture.open(path, command: "writ apply")
        #expect(StateReader.writer(ofStateAt: path)?.command == "writ apply")
        // As a full disk leaves it that had no room even for that.
        try Data().write(to: URL(fileURLWithPath: lock), options: [])
        #expect(StateReader.writer(ofStateAt: path) == nil)
        second.signLock()
        #expect(StateReader.writer(ofStateAt: path)?.command == "writ apply")
        try second.close()
    }

    @Test func `a state that is no longer referred to gives its lock back`() throws {
        do { _ = try StateFixture.open(path) }
        #expect(try code { try makeState() } == nil)
    }

    @Test func `a file that is not SQLite is refused and stays as it is`() throws {
        try directory.write("writ/state.db", "my notes, not a database, but as long as one may be")
        #expect(try code { _ = try StateFixture.open(path) } == .notState)
        #expect(try code { _ = try StateReader.open(at: path) } == .notState)
        #expect(try directory.read("writ/state.db").hasPrefix("my notes"))
    }

    @Test func `a directory in the state's place is refused`() throws {
        try directory.makeDirectory("writ/state.db")
        #expect(try code { _ = try StateFixture.open(path) } == .notState)
    }

    @Test func `another program's database is refused`() throws {
        try directory.makeDirectory("writ")
        let other = try DatabaseQueue(path: path)
        try other.write { try $0.execute(sql: "CREATE TABLE note (text TEXT)") }
        try other.close()
        #expect(try code { _ = try StateFixture.open(path) } == .notState)
        #expect(try code { _ = try StateReader.open(at: path) } == .notState)
    }

    @Test func `a state of a newer version is refused with both numbers`() throws {
        try makeState()
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        let error = #expect(throws: StateError.self) { try StateFixture.open(path) }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("schema 99, this one knows ") == true)
        #expect(try code { _ = try StateReader.open(at: path) } == .newerSchema)
    }

    @Test("fault D83: an emptied file is damage, not a new state")
    func emptied() throws {
        try directory.write("writ/state.db", "")
        #expect(try code { _ = try StateFixture.open(path) } == .damaged)
        #expect(try code { _ = try StateReader.open(at: path) } == .damaged)
    }

    @Test("fault D83: a file that is cut short is damage", arguments: [50, 200, 4_096, 20_000])
    func truncated(length: Int) throws {
        try makeState()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try #require(bytes.count > length)
        try directory.write("writ/state.db", Array(bytes.prefix(length)))
        #expect(try code { _ = try StateFixture.open(path) } == .damaged)
        #expect(try code { _ = try StateReader.open(at: path) } == .damaged)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == length)
    }

    @Test("fault D83: an overwritten page is found when a writer opens")
    func overwritten() throws {
        try makeState()
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        for place in 4_096..<8_192 { bytes[place] = 0xFF }
        try directory.write("writ/state.db", bytes)
        #expect(try code { _ = try StateFixture.open(path) } == .damaged)
    }

    @Test func `a log without its database is damage, not a new state`() throws {
        try directory.write("writ/state.db-wal", "pages")
        #expect(try code { _ = try StateFixture.open(path) } == .damaged)
        #expect(!directory.exists("writ/state.db"))
    }

    @Test("fault D88: a read-only file is refused by the writer and read by readers")
    func readOnly() throws {
        try makeState()
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
        let error = #expect(throws: StateError.self) { try StateFixture.open(path) }
        #expect(error?.code == .readOnly)
        #expect(error?.message.contains("\(path) is read-only") == true)
        #expect(try StateReader.open(at: path)?.appliedState() == .empty)
    }

    @Test func `a directory whose parent is missing is not made`() throws {
        let missing = directory.path("no/such/state.db")
        #expect(try code { _ = try StateFixture.open(missing) } == .directoryMissing)
        #expect(!directory.exists("no"))
        #expect(try StateReader.open(at: missing) == nil)
    }

    @Test(arguments: ["", "/", "a\0b"]) func `a path that is no file's is refused`(path: String) throws {
        #expect(try code { _ = try StateFixture.open(path) } == .notFound)
    }

    @Test func `commits are written through to the disk`() throws {
        let store = try StateFixture.open(path)
        #expect(try store.setting("synchronous") == 2)
        #expect(try store.setting("mmap_size") == 0)
        #expect(try store.setting("foreign_keys") == 1)
    }

    @Test func `what a crash left of making a state is no obstacle`() throws {
        try directory.write("writ/state.db.new", "half")
        try directory.write("writ/state.db.new-journal", "half")
        try makeState()
        #expect(try StateReader.open(at: path)?.appliedState() == .empty)
    }
}
