import Git
import Spec
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct WorkingTreeTests {
    @Test func `it says the same as the commit it was made from`() throws {
        let test = try TestRepository()
        let id = try test.commit([
            "b.yaml": "bb", "a/z.yaml": "", "a.yaml": "a", "a-b/x": "1", ".hidden/x": "x", "a/deep/er.yml": "é\n",
        ])
        let committed = try #require(try test.repository.snapshot(of: id).entries(below: ""))
        let tree = try test.repository.workingTree()
        #expect(try tree.entries(below: "") == committed)
        #expect(committed.count == 5)
        #expect(try tree.entries(below: "a") == committed.filter { $0.path.hasPrefix("a/") })
        for entry in committed { #expect(try tree.entry(at: entry.path) == entry) }
    }

    @Test func `what passes for .git is told as it is of a commit, and the repository itself is not`() throws {
        let test = try TestRepository()
        let blob = try test.writeBlob("x")
        let tree = try test.writeTree([
            RawEntry("100644", ".GIT", blob), RawEntry("100644", ".g\u{200c}it", blob),
            RawEntry("100644", "git~1", blob),
        ])
        let commit = try test.writeCommit(tree: tree, parents: [])
        let committed = try #require(try test.repository.snapshot(of: commit).entries(below: ""))
        for name in [".GIT", ".g\u{200c}it", "git~1"] { try test.directory.write(name, "x") }
        try test.directory.write("below/.hidden", "x")
        let listed = try #require(try test.repository.workingTree().entries(below: ""))
        #expect(committed.count == 3 && committed.allSatisfy { $0.kind == .gitDirectory })
        #expect(listed.map(\.path) == committed.map(\.path))
        #expect(listed.allSatisfy { $0.kind == .gitDirectory })
        for path in committed.map(\.path) { #expect(try test.repository.workingTree().entry(at: path) == nil) }
    }

    @Test func `it sees what is not committed yet`() throws {
        let test = try TestRepository()
        try test.commit(["a.yaml": "old"])
        try test.directory.write("a.yaml", "newer")
        let tree = try test.repository.workingTree()
        let entry = try #require(try tree.entry(at: "a.yaml"))
        #expect(try tree.contents(of: entry, limit: 10) == Array("newer".utf8))
        #expect(entry.blob == (try test.writeBlob("newer")).text)
    }

    @Test func `a directory outside of any repository works`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("x/y.yaml", "1")
        let tree = try WorkingTree(root: directory.path + "/")
        #expect(tree.root == directory.path)
        #expect(try tree.entries(below: "")?.map(\.path) == ["x/y.yaml"])
        #expect(try tree.entries(below: "none") == nil)
        #expect(try tree.entries(below: "x/y.yaml") == nil)
        #expect(try tree.entries(below: "../") == nil)
        #expect(throws: GitError.self) { try WorkingTree(root: directory.path("none")) }
    }

    @Test func `links, submodules and pipes are never followed (faults B43, B48, B52)`() throws {
        let outside = try TemporaryDirectory()
        try outside.write("secret", "x")
        let directory = try TemporaryDirectory()
        try directory.link("dir", to: outside.path)
        try directory.link("file", to: outside.path("secret"))
        try directory.write("module/.git", "gitdir: elsewhere")
        try directory.write("module/x.yaml", "x")
        try #require(mkfifo(directory.path("pipe"), 0o600) == 0)
        let tree = try WorkingTree(root: directory.path)
        let entries = try #require(try tree.entries(below: ""))
        #expect(entries.map(\.path) == ["dir", "file", "module"])
        #expect(entries.map(\.kind) == [.symbolicLink, .symbolicLink, .submodule])
        #expect(try tree.entry(at: "dir/secret") == nil)
        #expect(try tree.entries(below: "dir") == nil)
        #expect(try tree.entry(at: "pipe") == nil)
        for entry in entries {
            #expect(throws: GitError.self) { try tree.contents(of: entry, limit: 100) }
        }
        // A file that became a link after it was listed.
        let forged = SnapshotEntry(path: "file", blob: entries[1].blob, size: 1)
        let error = #expect(throws: GitError.self) { try tree.contents(of: forged, limit: 100) }
        #expect(error?.code == .changedMeanwhile)
    }

    @Test func `a file that changed after it was listed is not read`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a", "one")
        let tree = try WorkingTree(root: directory.path)
        let entry = try #require(try tree.entry(at: "a"))
        for content in ["two", "longer", ""] {
            try directory.write("a", content)
            let error = #expect(throws: GitError.self) { try tree.contents(of: entry, limit: 100) }
            #expect(error?.code == .changedMeanwhile)
        }
        try directory.remove("a")
        #expect(throws: GitError.self) { try tree.contents(of: entry, limit: 100) }
    }

    @Test func `a large file is listed without being hashed, and refused by the limit`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("big", [UInt8](repeating: 7, count: 5_000))
        var limits = SnapshotLimits()
        limits.fileBytes = 4_999
        let tree = try WorkingTree(root: directory.path, limits: limits)
        let entry = try #require(try tree.entries(below: "")?.first)
        #expect(entry.size == 5_000)
        #expect(entry.blob == ObjectID.zero.text)
        let error = #expect(throws: GitError.self) { try tree.contents(of: entry, limit: 4_999) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `limits and names hold here too (faults B39, B40, B45, B46)`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a/b/c", "1")
        var limits = SnapshotLimits()
        limits.depth = 1
        let deep = #expect(throws: GitError.self) {
            try WorkingTree(root: directory.path, limits: limits).entries(below: "")
        }
        #expect(deep?.code == .tooDeep)
        limits = SnapshotLimits()
        limits.entries = 2
        let many = #expect(throws: GitError.self) {
            try WorkingTree(root: directory.path, limits: limits).entries(below: "")
        }
        #expect(many?.code == .tooManyEntries)
        for name in ["A", "new\nline"] {
            let other = try TemporaryDirectory()
            try other.write("a", "1")
            try other.write(name, "1")
            let error = #expect(throws: GitError.self) { try WorkingTree(root: other.path).entries(below: "") }
            #expect(error?.code == .hostileName)
        }
    }
}
