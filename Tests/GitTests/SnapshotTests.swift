import Git
import Spec
import TestSupport
import Testing

struct SnapshotTests {
    @Test func `files come in byte order of their paths, with sizes, hidden ones left out`() throws {
        let test = try TestRepository()
        let id = try test.commit([
            "b.yaml": "bb", "a/z.yaml": "", "a.yaml": "a", "a-b/x": "1", ".hidden/x.yaml": "x", ".writ.yaml": "x",
            "a/.env": "x", "a/deep/er.yml": "12345",
        ])
        let entries = try #require(try test.repository.snapshot(of: id).entries(below: ""))
        #expect(entries.map(\.path) == ["a-b/x", "a.yaml", "a/deep/er.yml", "a/z.yaml", "b.yaml"])
        #expect(entries.map(\.size) == [1, 1, 5, 0, 2])
        #expect(entries.allSatisfy { $0.kind == .file })
    }

    @Test func `a directory is walked alone, and no directory is not an empty one`() throws {
        let test = try TestRepository()
        let id = try test.commit(["a/b/x": "1", "a/y": "2", "z": "3"])
        let snapshot = try test.repository.snapshot(of: id)
        #expect(try snapshot.entries(below: "a")?.map(\.path) == ["a/b/x", "a/y"])
        #expect(try snapshot.entries(below: "a/")?.map(\.path) == ["a/b/x", "a/y"])
        for wrong in ["z", "none", "a/none", "z/x", "..", "/a", "a//b", "./a", ".git"] {
            #expect(try snapshot.entries(below: wrong) == nil, "\(wrong)")
        }
    }

    @Test func `several files are read in their order, and none where one of them is over the limit`() throws {
        let test = try TestRepository()
        let id = try test.commit(["a.yaml": "one", "b.yaml": "", "c.yaml": "three"])
        let snapshot = try test.repository.snapshot(of: id)
        let entries = try #require(try snapshot.entries(below: ""))
        let texts = try snapshot.contents(of: entries.reversed(), limit: 5).map { String(decoding: $0, as: UTF8.self) }
        #expect(texts == ["three", "", "one"])
        let error = #expect(throws: GitError.self) { try snapshot.contents(of: entries, limit: 4) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `one entry is found by its path, and its bytes are read within the limit (fault B38)`() throws {
        let test = try TestRepository()
        let id = try test.commit(["prompts/x.md": "hello"])
        let snapshot = try test.repository.snapshot(of: id)
        let entry = try #require(try snapshot.entry(at: "prompts/x.md"))
        #expect(entry.size == 5)
        #expect(try snapshot.contents(of: entry, limit: 5) == Array("hello".utf8))
        let error = #expect(throws: GitError.self) { try snapshot.contents(of: entry, limit: 4) }
        #expect(error?.code == .tooLarge)
        for wrong in ["prompts", "prompts/", "x.md", "prompts/x.md/", "../prompts/x.md", ""] {
            #expect(try snapshot.entry(at: wrong) == nil, "\(wrong)")
        }
    }

    @Test func `links and submodules are listed and never followed (faults B43, B44, B48)`() throws {
        let test = try TestRepository()
        let blob = try test.writeBlob("/etc")
        let tree = try test.writeTree([
            RawEntry("120000", "link", blob), RawEntry("160000", "module", ObjectID.zero),
            RawEntry("100755", "run", blob),
        ])
        let snapshot = try test.repository.snapshot(of: try test.writeCommit(tree: tree))
        let entries = try #require(try snapshot.entries(below: ""))
        #expect(entries.map(\.kind) == [.symbolicLink, .submodule, .file])
        for entry in entries.prefix(2) {
            let error = #expect(throws: GitError.self) { try snapshot.contents(of: entry, limit: 100) }
            #expect(error?.code == .unsupported)
        }
        #expect(try snapshot.entry(at: "link/passwd") == nil)
        #expect(try snapshot.entries(below: "link") == nil)
        #expect(try snapshot.entries(below: "module") == nil)
    }

    @Test func `a pointer of Git LFS is not taken for the file (fault B53)`() throws {
        let test = try TestRepository()
        let text = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
        let id = try test.commit(["a.yaml": text])
        let trees: [any Snapshot] = [try test.repository.snapshot(of: id), try test.repository.workingTree()]
        for snapshot in trees {
            let entry = try #require(try snapshot.entry(at: "a.yaml"))
            let error = #expect(throws: GitError.self) { try snapshot.contents(of: entry, limit: 1_000) }
            #expect(error?.code == .unsupported)
        }
    }

    @Test func `many threads read one repository`() async throws {
        let test = try TestRepository()
        let id = try test.commit(["a": "1", "b/c": "2"])
        let snapshot = try test.repository.snapshot(of: id)
        let counts = try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<16 { group.addTask { try snapshot.entries(below: "")?.count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 2, count: 16))
    }
}
