import Git
import Spec
import TestSupport
import Testing
import Values

struct HistoryTests {
    @Test func `a commit says who, when and why`() throws {
        let test = try TestRepository()
        let first = try test.commit(["x": "1"], "First\n\nBecause.")
        let second = try test.commit(["x": "2"], "Second")
        let commit = try test.repository.commit(first)
        #expect(commit.id == first)
        #expect(commit.parents.isEmpty)
        #expect(commit.author == TestRepository.author)
        #expect(commit.time == Instant(seconds: 1_767_225_600))
        #expect(commit.authorTime == commit.time)
        #expect(commit.message == "First\n\nBecause.\n")
        #expect(commit.summary == "First")
        #expect(try test.repository.commit(second).parents == [first])
    }

    @Test func `headers that are not needed and malformed people are read over`() throws {
        let test = try TestRepository()
        let tree = try test.writeTree([])
        let text = """
            tree \(tree)
            author Ada Lovelace <ada@example.com> 100 +0130
            committer nobody
            gpgsig -----BEGIN PGP SIGNATURE-----
             tree 0000
             -----END PGP SIGNATURE-----

              \n  Title \u{20}
            body
            """
        let commit = try test.repository.commit(try test.repository.writeObject(Array(text.utf8), as: .commit))
        #expect(commit.tree == tree)
        #expect(commit.author == CommitAuthor(name: "Ada Lovelace", email: "ada@example.com"))
        #expect(commit.authorTime == Instant(seconds: 100))
        #expect(commit.time == Instant(seconds: 0))
        #expect(commit.summary == "Title")
    }

    @Test(arguments: ["", "author A <a@b> 1 +0000\n\nx", "tree 12\n\nx"])
    func `a commit without a tree is damaged`(text: String) throws {
        let test = try TestRepository()
        let id = try test.repository.writeObject(Array(text.utf8), as: .commit)
        let error = #expect(throws: GitError.self) { try test.repository.commit(id) }
        #expect(error?.code == .corruptObject)
        #expect(error?.message.contains(id.shortText) == true)
    }

    @Test func `history is the latest first, each commit once, up to the limit`() throws {
        let test = try TestRepository()
        let a = try test.commit(["x": "a"])
        try test.branch("side", at: a)
        let b = try test.commit(["x": "b"])
        let side = try test.commit(["y": "s"], branch: "side")
        let merge = try test.writeCommit(tree: try test.repository.commit(b).tree, parents: [b, side])
        #expect(try test.repository.history(from: merge, limit: 10).map(\.id) == [merge, side, b, a])
        #expect(try test.repository.history(from: merge, limit: 2).map(\.id) == [merge, side])
        #expect(try test.repository.history(from: merge, limit: 0).isEmpty)
    }

    @Test func `ancestors are found through any parent`() throws {
        let test = try TestRepository()
        let a = try test.commit(["x": "a"])
        try test.branch("side", at: a)
        let b = try test.commit(["x": "b"])
        let side = try test.commit(["y": "s"], branch: "side")
        let merge = try test.writeCommit(tree: try test.repository.commit(b).tree, parents: [b, side])
        let repository = test.repository
        #expect(try repository.isAncestor(a, of: a))
        #expect(try repository.isAncestor(a, of: merge))
        #expect(try repository.isAncestor(side, of: merge))
        #expect(try !repository.isAncestor(side, of: b))
        #expect(try !repository.isAncestor(merge, of: a))
    }

    @Test func `the search for an ancestor ends at its limit`() throws {
        let test = try TestRepository()
        let stranger = try test.writeCommit(tree: try test.writeTree([]))
        for number in 1...5 { try test.commit(["x": "\(number)"]) }
        let head = try test.repository.resolve("HEAD")
        let error = #expect(throws: GitError.self) {
            try test.repository.isAncestor(stranger, of: head, limit: 3)
        }
        #expect(error?.code == .tooManyEntries)
        #expect(try !test.repository.isAncestor(stranger, of: head, limit: 5))
    }
}

struct ShallowTests {
    /// A clone of depth 2, as `fetch-depth: 2` makes it: of four commits the first two are not there.
    private let test: TestRepository
    private let repository: Git.Repository
    private let ids: [ObjectID]

    init() throws {
        let test = try TestRepository()
        self.test = test
        ids = try (0..<4).map { try test.commit(["x": "\($0)"]) }
        try test.writeReference("shallow", ids[2].text)
        try test.damage(ids[0], nil)
        try test.damage(ids[1], nil)
        // Anew, because libgit2 remembers what it wrote.
        repository = try Git.Repository.open(at: test.path)
    }

    @Test func `trees and HEAD^ work`() throws {
        #expect(repository.isShallow)
        #expect(try repository.resolve("HEAD^") == ids[2])
        #expect(try repository.changes(from: ids[2], to: ids[3]).map(\.path) == ["x"])
        #expect(try repository.history(from: ids[3], limit: 9).map(\.id) == [ids[3], ids[2]])
        #expect(try repository.isAncestor(ids[2], of: ids[3]))
        #expect(try repository.isAncestor(ids[1], of: ids[3]), "the last commit names its parent")
    }

    @Test func `what lies beyond says that history is missing, and where`() throws {
        let attempts: [() throws -> Void] = [
            { _ = try repository.resolve("HEAD~2") },
            { _ = try repository.resolve("HEAD~3") },
            { _ = try repository.resolve(ids[0].text) },
            { _ = try repository.commit(ids[0]) },
            { _ = try repository.isAncestor(ids[0], of: ids[3]) },
        ]
        for attempt in attempts {
            let error = #expect(throws: GitError.self) { try attempt() }
            #expect(error?.code == .missingHistory)
            #expect(error?.message.contains("--unshallow") == true)
        }
        let error = #expect(throws: GitError.self) { try repository.resolve("HEAD~2") }
        #expect(error?.message.contains(ids[2].shortText) == true)
    }

    @Test func `a whole clone is not shallow`() throws {
        let test = try TestRepository()
        try test.commit(["x": "1"])
        #expect(!test.repository.isShallow)
    }
}
