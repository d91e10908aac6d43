import Git
import TestSupport
import Testing

struct ResolveTests {
    /// a - b - c on main, and a side branch merged: d has the parents c and side.
    private struct History {
        let test: TestRepository
        let ids: [String: ObjectID]

        init() throws {
            test = try TestRepository()
            let a = try test.commit(["x": "a"], "a")
            let b = try test.commit(["x": "b"], "b")
            let c = try test.commit(["x": "c"], "c")
            try test.branch("side", at: a)
            let side = try test.commit(["y": "s"], "side", branch: "side")
            let tree = try test.repository.commit(c).tree
            let merge = try test.writeCommit(tree: tree, parents: [c, side], message: "merge")
            try test.branch("main", at: merge)
            ids = ["a": a, "b": b, "c": c, "side": side, "d": merge]
        }
    }

    @Test(arguments: [
        ("HEAD", "d"), ("@", "d"), ("main", "d"), ("refs/heads/main", "d"), ("heads/main", "d"), ("side", "side"),
        ("HEAD^", "c"), ("HEAD~", "c"), ("HEAD~2", "b"), ("main^^", "b"), ("main^1", "c"), ("main^2", "side"),
        ("main^2^", "a"), ("main~3", "a"), ("@~1^0", "c"), ("HEAD^{commit}", "d"), ("main~0", "d"),
    ])
    func `a revision names a commit`(revision: String, expected: String) throws {
        let history = try History()
        #expect(try history.test.repository.resolve(revision) == history.ids[expected])
    }

    @Test func `ids are taken whole, shortened and in capitals`() throws {
        let test = try TestRepository()
        let id = try test.commit(["x": "1"])
        #expect(try test.repository.resolve(id.text) == id)
        #expect(try test.repository.resolve(id.shortText) == id)
        #expect(try test.repository.resolve(id.text.uppercased()) == id)
        #expect(try test.repository.resolve(id.shortText + "^0") == id)
    }

    @Test func `tags lead to their commit, annotated ones too`() throws {
        let test = try TestRepository()
        let id = try test.commit(["x": "1"])
        let text = "object \(id)\ntype commit\ntag v2\ntagger A <a@example.com> 0 +0000\n\nTwo\n"
        let tag = try test.repository.writeObject(Array(text.utf8), as: .tag)
        try test.writeReference("refs/tags/v1", id.text)
        try test.writeReference("refs/tags/v2", tag.text)
        #expect(try test.repository.resolve("v1") == id)
        #expect(try test.repository.resolve("v2") == id)
        #expect(try test.repository.resolve(tag.text) == id)
    }

    @Test func `what git notes at the top of its directory is a revision, and no other file there`() throws {
        let test = try TestRepository()
        let id = try test.commit(["x": "1"])
        let note = "\t\tbranch 'main' of https://example.com/fleet\n"
        let other = String(repeating: "1", count: 40)
        try test.writeReference("FETCH_HEAD", id.text + note + other + "\tnot-for-merge\tbranch 'x' of y")
        try test.writeReference("ORIG_HEAD", id.text)
        try test.writeReference("SOMETHING", id.text)
        #expect(try test.repository.resolve("FETCH_HEAD") == id)
        #expect(try test.repository.resolve("ORIG_HEAD^0") == id)
        #expect(throws: GitError.self) { try test.repository.resolve("SOMETHING") }
        #expect(throws: GitError.self) { try test.repository.resolve("MERGE_HEAD") }
    }

    @Test func `a remote branch is found under its remote's name`() throws {
        let test = try TestRepository()
        let id = try test.commit(["x": "1"])
        try test.writeReference("refs/remotes/origin/feature", id.text)
        #expect(try test.repository.resolve("origin/feature") == id)
        let error = #expect(throws: GitError.self) { try test.repository.resolveBranch("feature") }
        #expect(error?.code == .noSuchBranch)
        #expect(error?.message.contains("origin/feature") == true)
    }

    @Test(arguments: [
        ("nothing", GitError.Code.noSuchRevision), ("", .noSuchRevision), ("^", .noSuchRevision),
        ("HEAD~9", .noSuchRevision), ("HEAD^3", .noSuchRevision), ("HEAD^x", .noSuchRevision),
        ("HEAD~99999999999999999999", .noSuchRevision), ("heads", .noSuchRevision), ("../config", .unsupported),
        ("config", .noSuchRevision), ("abcd", .noSuchRevision), ("a b", .noSuchRevision), ("a\u{0}b", .noSuchRevision),
        ("0123456789012345678901234567890123456789", .noSuchRevision), ("HEAD^{tree}", .unsupported),
        ("main..side", .unsupported), ("HEAD@{1}", .unsupported), ("HEAD:x", .unsupported), ("HEAD^{", .unsupported),
    ])
    func `what names no commit is refused`(revision: String, code: GitError.Code) throws {
        let history = try History()
        let error = #expect(throws: GitError.self) { try history.test.repository.resolve(revision) }
        #expect(error?.code == code, "\(error?.message ?? "")")
    }

    @Test func `a missing branch is named, with the nearest one`() throws {
        let test = try TestRepository()
        try test.commit(["x": "1"], branch: "release")
        let error = #expect(throws: GitError.self) { try test.repository.resolveBranch("relaese") }
        #expect(error?.code == .noSuchBranch)
        #expect(error?.message == "there is no branch \"relaese\": did you mean \"release\"?")
        #expect(throws: GitError.self) { try test.repository.resolveBranch("a..b") }
    }

    @Test func `a tree is no commit`() throws {
        let test = try TestRepository()
        let tree = try test.repository.commit(try test.commit(["x": "1"])).tree
        let error = #expect(throws: GitError.self) { try test.repository.resolve(tree.text) }
        #expect(error?.code == .noSuchRevision)
        #expect(error?.message.contains("is a tree, not a commit") == true)
    }

    @Test func `an unborn HEAD says that there is no commit yet`() throws {
        let test = try TestRepository(branch: "trunk")
        for revision in ["HEAD", "trunk", "HEAD^"] {
            let error = #expect(throws: GitError.self) { try test.repository.resolve(revision) }
            #expect(error?.code == .emptyRepository)
            #expect(error?.message.contains("no commit yet, or the branch was deleted") == true)
        }
        #expect(throws: GitError.self) { try test.repository.resolveBranch("trunk") }
        #expect(try test.repository.headBranch() == "trunk")
        #expect(try test.repository.branches().isEmpty)
    }

    @Test func `an unborn HEAD names the branches that have commits`() throws {
        let test = try TestRepository()
        try test.commit(["x": "1"], branch: "develop")
        let error = #expect(throws: GitError.self) { try test.repository.resolve("HEAD") }
        #expect(error?.code == .unbornBranch)
        #expect(error?.message.contains("develop") == true)
    }

    @Test func `a detached HEAD is on no branch`() throws {
        let test = try TestRepository()
        let id = try test.commit(["x": "1"])
        #expect(try test.repository.headBranch() == "main")
        try test.writeReference("HEAD", id.text)
        #expect(try test.repository.headBranch() == nil)
        #expect(try test.repository.resolve("HEAD") == id)
    }

    @Test func `a HEAD that leads to itself is an error (fault B49)`() throws {
        let test = try TestRepository()
        try test.commit(["x": "1"])
        try test.writeReference("HEAD", "ref: refs/heads/one")
        try test.writeReference("refs/heads/one", "ref: refs/heads/two")
        try test.writeReference("refs/heads/two", "ref: refs/heads/one")
        let error = #expect(throws: GitError.self) { try test.repository.resolve("HEAD") }
        #expect(error?.code == .corruptObject)
    }
}
