import Foundation
import State
import TestSupport
import Testing
import Values

/// Restorations and backups that are killed before each of the names that they change.
@Suite("Restoring and backing up, cut off", .enabled(if: StorageFaults.isPossible, "needs a C compiler"))
struct CutOffTests {
    @Test(
        "A restoration cut off at any step loses nothing, and the next one comes to its end (fault D86)",
        arguments: [false, true])
    func restoration(isServedBetween: Bool) async throws {
        var cuts = 0
        while true {
            let desk = try Desk()
            try #require(cuts < 50, "a restoration never ends")
            let cut = try await desk.restore(killedAt: cuts + 1)
            if cut.status == 0 { break }
            cuts += 1
            #expect(cut.status == 128 + SIGKILL, "\(cut)")
            for name in try desk.kept { #expect(try desk.keys(name) == ["after", "before"], "cut \(cuts): \(name)") }
            let found = try desk.found()
            // Either of them, or neither: never an empty one, nor one without what it had been told.
            #expect([nil, ["after", "before"], ["before"]].contains(found), "cut \(cuts): \(found ?? [])")
            if found == nil { #expect(!desk.exists("state.db"), "cut \(cuts)") }
            if found == ["before"] { #expect(try desk.kept.count == 1 && !desk.exists("state.db-wal"), "cut \(cuts)") }
            if isServedBetween, found != nil { try desk.serve() }

            let last = try await desk.restore()
            let told = try desk.check(last, "cut \(cuts)")
            // What was put aside before the cut is told as well.
            if !told { #expect(found == ["before"], "cut \(cuts)") }
            guard !isServedBetween else { continue }
            let left = try desk.names
            #expect(!left.contains("state.db-wal"), "cut \(cuts): \(left)")
            for log in left where log.hasPrefix("state.db.before-") && log.hasSuffix("-wal") {
                #expect(left.contains(String(log.dropLast(4))), "cut \(cuts): \(left)")
            }
        }
        #expect(cuts >= 5)
    }

    @Test("A restoration that is cut off again when it is gone on with loses nothing")
    func twice() async throws {
        for first in 3...7 {
            for second in 1...4 {
                let desk = try Desk()
                _ = try await desk.restore(killedAt: first)
                _ = try await desk.restore(killedAt: second)
                let found = try desk.found()
                #expect([nil, ["after", "before"], ["before"]].contains(found), "\(first), \(second): \(found ?? [])")
                _ = try desk.check(try await desk.restore(), "cuts \(first) and \(second)")
            }
        }
    }

    @Test("Each new name of a restoration is on the disk before the next one is made")
    func syncedRestoration() async throws {
        let desk = try Desk()
        #expect(try await desk.restore(killedAt: 0).status == 0)
        let log = desk.faults.log.drop { $0 != "rename" }
        #expect(log.count { $0 != "directory" } >= 5, "\(log)")
        for (name, next) in zip(log, log.dropFirst()) where name == "rename" || name == "link" {
            #expect(next == "directory", "\(log)")
        }
        let place = try #require(log.lastIndex { $0 == "rename" })
        #expect(log[..<place].last == "directory", "\(log)")
    }

    @Test("A backup cut off at any step is made by the next one, under the same name")
    func backup() async throws {
        var cuts = 0
        while true {
            let desk = try Desk()
            try #require(cuts < 50, "a backup never ends")
            let cut = try await desk.writ(["backup", desk.directory.path("copy.db")], killedAt: cuts + 1)
            if cut.status == 0 {
                #expect(desk.faults.log.suffix(4) == ["link", "directory", "unlink", "directory"])
                break
            }
            cuts += 1
            #expect(cut.status == 128 + SIGKILL, "\(cut)")
            if desk.exists("copy.db") {
                // It was whole already, and is none of a further backup's business where it was moved to.
                try FileManager.default.moveItem(
                    atPath: desk.directory.path("copy.db"), toPath: desk.directory.path("moved.db"))
            }
            let next = try await desk.writ(["backup", desk.directory.path("copy.db")])
            #expect(next.status == 0, "cut \(cuts): \(next)")
            for name in ["copy.db", "moved.db"] where desk.exists(name) {
                #expect(try desk.keys(name) == ["after", "before"], "cut \(cuts): \(name)")
            }
            let left = try desk.names
            #expect(!left.contains { $0.hasPrefix("copy.db.") }, "cut \(cuts): \(left)")
        }
        #expect(cuts >= 2)
    }
}

/// A directory with a backup that has one event, and a state that has another one in its log, as a crash leaves it.
private struct Desk {
    let directory: TemporaryDirectory
    let faults: StorageFaults

    init() throws {
        directory = try TemporaryDirectory()
        faults = try StorageFaults()
        let elsewhere = try TemporaryDirectory()
        let store = try Self.open(elsewhere.path("state.db"))
        _ = try store.accept(Self.event("before"))
        _ = try store.reader.backUp(to: directory.path("backup.db"))
        _ = try store.accept(Self.event("after"))
        for name in ["state.db", "state.db-wal"] {
            try FileManager.default.copyItem(atPath: elsewhere.path(name), toPath: directory.path(name))
        }
        try store.close()
    }

    private static func event(_ key: String) -> NewEvent {
        NewEvent(
            endpoint: "trigger/test", dedupeKey: key, name: "push", source: "github", payload: ["n": 1], headers: [:],
            receivedAt: Instant(seconds: 1_767_225_600))
    }

    private static func open(_ path: String) throws -> StateStore {
        try StateStore.open(
            at: path, command: "writ serve", now: Instant(seconds: 1_767_225_600),
            identifiers: IdentifierGenerator(now: { 0 }, random: { .random(in: .min ... .max) }))
    }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() } }

    /// The states that were put aside.
    var kept: [String] {
        get throws {
            try names.filter { name in
                name.hasPrefix("state.db.before-") && !["-wal", "-shm", ".lock"].contains { name.hasSuffix($0) }
            }
        }
    }

    func exists(_ name: String) -> Bool { directory.exists(name) }

    /// - Parameter killedAt: the change of a name that it does not come to; 0 for all of them
    func writ(_ arguments: [String], killedAt: Int? = nil) async throws -> CommandResult {
        try await WritBinary.run(
            arguments + ["--state", directory.path("state.db"), "-o", "json"],
            environment: killedAt.map { faults.environment(["FAULTS_END": "\($0)"]) } ?? [:], in: directory.path)
    }

    func restore(killedAt: Int? = nil) async throws -> CommandResult {
        try await writ(["restore", directory.path("backup.db")], killedAt: killedAt)
    }

    /// The events in a state, of which only a copy is opened.
    func keys(_ name: String) throws -> [String] {
        let copy = try TemporaryDirectory()
        for end in ["", "-wal"] where exists(name + end) {
            try FileManager.default.copyItem(atPath: directory.path(name) + end, toPath: copy.path("copy.db") + end)
        }
        let reader = try #require(try StateReader.open(at: copy.path("copy.db")), "\(name) is not there")
        return try reader.events(Page(limit: 500)).items.compactMap(\.dedupeKey).sorted()
    }

    /// What a service would begin with, tried on a copy of the directory; nil where it refuses to.
    func found() throws -> [String]? {
        let copy = try TemporaryDirectory()
        for name in try names {
            try FileManager.default.copyItem(atPath: directory.path(name), toPath: copy.path(name))
        }
        let store: StateStore
        do {
            store = try Self.open(copy.path("state.db"))
        } catch let error as StateError where error.code == .damaged {
            return nil
        }
        let keys = try store.reader.events(Page(limit: 500)).items.compactMap(\.dedupeKey).sorted()
        try store.close()
        return keys
    }

    /// What a restoration that came to its end leaves.
    ///
    /// - Returns: whether it says where what was there before is
    func check(_ result: CommandResult, _ when: String) throws -> Bool {
        try #require(result.status == 0, "\(when): \(result)")
        #expect(try keys("state.db") == ["before"], "\(when)")
        let (left, kept) = (try names, try kept)
        #expect(try kept.contains { try keys($0).contains("after") }, "\(when): \(left)")
        #expect(!left.contains { $0.hasPrefix("state.db.restored") }, "\(when): \(left)")
        guard let told = try result.json["kept"]?.string else { return false }
        #expect(kept.contains { directory.path($0) == told }, "\(when): \(told) of \(left)")
        return true
    }

    /// The service begins once more, and ends.
    func serve() throws {
        let store = try Self.open(directory.path("state.db"))
        _ = try store.accept(Self.event("later"))
        try store.close()
    }
}
