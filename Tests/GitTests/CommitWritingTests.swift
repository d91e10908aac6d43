import Git
import Spec
import TestSupport
import Testing
import Values

struct CommitWritingTests {
    private func paths(_ test: TestRepository, _ id: ObjectID) throws -> [String]? {
        try test.repository.snapshot(of: id).entries(below: "")?.map(\.path)
    }

    @Test func `files are put on top of the branch, replaced and removed`() throws {
        let test = try TestRepository()
        let first = try test.commit(["a/x": "1", "a/y": "2", "b": "3"])
        let second = try test.commit(["a/x": nil, "a/y": nil, "b": "4", "c/d/e": "5"])
        #expect(try paths(test, first) == ["a/x", "a/y", "b"])
        #expect(try paths(test, second) == ["b", "c/d/e"])
        #expect(try test.repository.resolve("HEAD") == second)
        #expect(try test.repository.commit(second).parents == [first])
        let third = try test.commit(["b": nil, "c/d/e": nil, "none": nil])
        #expect(try paths(test, third) == [])
    }

    @Test func `the same commits have the same ids`() throws {
        let ids = try (0..<2).map { _ in try TestRepository().commit(["a": "1"]) }
        #expect(ids[0] == ids[1])
    }

    @Test func `a branch begins with its first commit and HEAD's stays`() throws {
        let test = try TestRepository()
        let main = try test.commit(["a": "1"])
        let side = try test.commit(["b": "2"], branch: "side")
        #expect(try test.repository.branches() == ["main", "side"])
        #expect(try test.repository.resolveBranch("main") == main)
        #expect(try test.repository.resolveBranch("side") == side)
        #expect(try test.repository.commit(side).parents.isEmpty)
        #expect(!test.directory.exists("b"))
    }

    @Test(arguments: ["", "/a", "../a", "a//b", ".git/config", "a/.GIT/x", "a/", "."])
    func `no path leads out of the repository or into .git`(path: String) throws {
        let test = try TestRepository()
        let error = #expect(throws: GitError.self) {
            try test.repository.commit(
                files: [path: [1]], message: "m", author: TestRepository.author, time: test.tick())
        }
        #expect(error?.code == .hostileName)
        #expect(try test.repository.branches().isEmpty)
    }

    @Test func `a path is a file or a directory, not both`() throws {
        let test = try TestRepository()
        #expect(throws: GitError.self) { try test.commit(["a": "1", "a/b": "2"]) }
    }

    @Test func `an author cannot smuggle in header lines`() throws {
        let test = try TestRepository()
        for name in ["A\ntree x", "A <", "A>"] {
            #expect(throws: GitError.self) {
                try test.repository.commit(
                    files: ["a": [1]], message: "m", author: CommitAuthor(name: name, email: "a@b"),
                    time: test.tick())
            }
        }
    }

    @Test func `the index and the files of HEAD's branch follow`() throws {
        let test = try TestRepository()
        try test.commit(["a": "1"])
        #expect(test.directory.exists(".git/index"))
        #expect(try test.directory.read("a") == "1")
    }
}
