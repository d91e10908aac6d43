import Git
import TestSupport
import Testing

struct DamagedObjectTests {
    @Test(arguments: [nil, [], Array("not zlib".utf8)] as [[UInt8]?])
    func `a missing, empty or foreign object is named with its path (faults B34, B37)`(bytes: [UInt8]?) throws {
        let test = try TestRepository()
        let id = try test.commit(["agents/a.yaml": "kind: Agent\n"])
        let blob = try test.writeBlob("kind: Agent\n")
        try test.damage(blob, bytes)
        let snapshot = try Repository.open(at: test.path).snapshot(of: id)
        let error = #expect(throws: GitError.self) { try snapshot.entries(below: "") }
        #expect(error?.code == .corruptObject)
        #expect(error?.message.contains("agents/a.yaml") == true)
        #expect(error?.message.contains(blob.shortText) == true)
    }

    @Test func `a missing tree is named with its path (fault B37)`() throws {
        let test = try TestRepository()
        let id = try test.commit(["agents/a.yaml": "x"])
        let tree = try test.writeTree([RawEntry("100644", "a.yaml", try test.writeBlob("x"))])
        try test.damage(tree, nil)
        let snapshot = try Repository.open(at: test.path).snapshot(of: id)
        let error = #expect(throws: GitError.self) { try snapshot.entries(below: "") }
        #expect(error?.code == .corruptObject)
        #expect(error?.message.contains("agents") == true)
    }

    @Test func `content under a wrong name is refused (fault B35)`() throws {
        let test = try TestRepository()
        let id = try test.commit(["a.yaml": "good"])
        let good = try test.writeBlob("good")
        let evil = try test.writeBlob("evil")
        try test.directory.replace(test.looseObject(good), withCopyOf: test.looseObject(evil))
        let snapshot = try Repository.open(at: test.path).snapshot(of: id)
        let entry = try #require(try snapshot.entry(at: "a.yaml"))
        let error = #expect(throws: GitError.self) { try snapshot.contents(of: entry, limit: 100) }
        #expect(error?.code == .corruptObject)
    }

    @Test func `a missing commit at a branch's tip is an error`() throws {
        let test = try TestRepository()
        let id = try test.commit(["a": "1"])
        try test.damage(id, nil)
        let error = #expect(throws: GitError.self) { try Repository.open(at: test.path).resolve("HEAD") }
        #expect(error?.code == .noSuchRevision)
        #expect(error?.message.contains(id.shortText) == true)
    }
}
