import Git
import Spec
import TestSupport
import Testing

struct HostileTreeTests {
    private func error(
        _ test: TestRepository, _ tree: ObjectID, limits: SnapshotLimits = SnapshotLimits()
    ) throws -> GitError? {
        let snapshot = try test.repository.snapshot(of: try test.writeCommit(tree: tree), limits: limits)
        return #expect(throws: GitError.self) { try snapshot.entries(below: "") }
    }

    @Test(arguments: ["..", ".", "", "a/b", "/etc", "../up.yaml", "a\\b", "a\nb", "\u{1b}[31m", "a\u{202e}b"])
    func `a hostile name refuses the commit (faults B41, B46)`(name: String) throws {
        let test = try TestRepository()
        let tree = try test.writeTree([RawEntry("100644", name, try test.writeBlob("x"))])
        let error = try error(test, tree)
        #expect(error?.code == .hostileName)
        #expect(error?.message.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202e } == false)
    }

    @Test func `a name that is not UTF-8 refuses the commit (fault B46)`() throws {
        let test = try TestRepository()
        let tree = try test.writeTree([RawEntry("100644", [0x61, 0xff], try test.writeBlob("x"))])
        let error = try error(test, tree)
        #expect(error?.code == .hostileName)
        #expect(error?.message.contains("a\\xff") == true)
    }

    @Test func `every spelling of .git is told of and not looked into (fault B42)`() throws {
        let test = try TestRepository()
        let blob = try test.writeBlob("x")
        let below = try test.writeTree([RawEntry("100644", "x.yaml", blob)])
        let names = [".GIT", ".Git ", ".g\u{200c}it", ".git", ".gitmodules", "GIT~1", "git~1"]
        let sorted = names.sorted { ($0 + "/").utf8.lexicographicallyPrecedes(($1 + "/").utf8) }
        let tree = try test.writeTree(sorted.map { RawEntry("40000", $0, below) })
        let snapshot = try test.repository.snapshot(of: try test.writeCommit(tree: tree))
        let entries = try #require(try snapshot.entries(below: ""))
        #expect(entries.map(\.path) == sorted.filter { $0 != ".gitmodules" })
        #expect(entries.allSatisfy { $0.kind == .gitDirectory && $0.blob == below.text })
        #expect(try snapshot.entry(at: ".git/x.yaml") == nil)
        for entry in entries { #expect(throws: GitError.self) { try snapshot.contents(of: entry, limit: 100) } }
        let none = try test.writeCommit(tree: try test.writeTree([]))
        let changes = try test.repository.changes(from: none, to: try test.writeCommit(tree: tree))
        #expect(changes.map(\.new) == entries)
    }

    @Test(arguments: [["a", "a"], ["A.yaml", "a.yaml"], ["e\u{301}", "\u{e9}"]])
    func `two names that may be one refuse the commit (fault B45)`(names: [String]) throws {
        let test = try TestRepository()
        let blob = try test.writeBlob("x")
        let error = try error(test, try test.writeTree(names.map { RawEntry("100644", $0, blob) }))
        #expect(error?.code == .hostileName)
    }

    @Test func `entries out of order and unknown modes are damage`() throws {
        let test = try TestRepository()
        let blob = try test.writeBlob("x")
        let unsorted = try test.writeTree([RawEntry("100644", "b", blob), RawEntry("100644", "a", blob)])
        #expect(try error(test, unsorted)?.code == .corruptObject)
        for mode in ["100000", "7777777", "", "9", "1006444444"] {
            #expect(try error(test, try test.writeTree([RawEntry(mode, "a", blob)]))?.code == .corruptObject, "\(mode)")
        }
        let cut = try test.repository.writeObject(Array("100644 a".utf8) + [0, 1, 2], as: .tree)
        #expect(try error(test, cut)?.code == .corruptObject)
    }

    @Test func `an object of another sort than its mode says is damage (fault B47)`() throws {
        let test = try TestRepository()
        let blob = try test.writeBlob("x")
        let empty = try test.writeTree([])
        #expect(try error(test, try test.writeTree([RawEntry("40000", "d", blob)]))?.code == .corruptObject)
        #expect(try error(test, try test.writeTree([RawEntry("100644", "f", empty)]))?.code == .corruptObject)
        #expect(try error(test, blob)?.code == .corruptObject)
    }

    @Test func `a git bomb stops at the limit of entries (fault B39)`() throws {
        let test = try TestRepository()
        var id = try test.writeTree((0..<10).map { RawEntry("100644", "f\($0)", try test.writeBlob("boom")) })
        for _ in 0..<9 { id = try test.writeTree((0..<10).map { RawEntry("40000", "d\($0)", id) }) }
        var limits = SnapshotLimits()
        limits.entries = 2_000
        #expect(try error(test, id, limits: limits)?.code == .tooManyEntries)
        #expect(test.repository.treesOpened < 300)
        let commit = try test.writeCommit(tree: id)
        let error = #expect(throws: GitError.self) {
            try test.repository.changes(from: nil, to: commit, limits: limits)
        }
        #expect(error?.code == .tooManyEntries)
    }

    @Test func `a deep tree stops at the limit of depth (fault B40)`() throws {
        let test = try TestRepository()
        var id = try test.writeTree([RawEntry("100644", "x.yaml", try test.writeBlob("x"))])
        for _ in 0..<32 { id = try test.writeTree([RawEntry("40000", "d", id)]) }
        let snapshot = try test.repository.snapshot(of: try test.writeCommit(tree: id))
        #expect(try snapshot.entries(below: "")?.count == 1)
        for _ in 0..<500 { id = try test.writeTree([RawEntry("40000", "d", id)]) }
        #expect(try error(test, id)?.code == .tooDeep)
        #expect(test.repository.treesOpened < 100)
    }

    @Test func `a path may not be longer than the limit`() throws {
        let test = try TestRepository()
        let name = String(repeating: "n", count: 513)
        let tree = try test.writeTree([RawEntry("100644", name, try test.writeBlob("x"))])
        let error = try error(test, tree)
        #expect(error?.code == .tooLarge)
        #expect((error?.message.utf8.count ?? 0) < 300)
    }
}
