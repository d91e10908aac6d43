import Git
import Spec
import TestSupport
import Testing

struct ChangesTests {
    private func describe(_ changes: [SnapshotChange]) -> [String] {
        changes.map { ($0.old == nil ? "+" : $0.new == nil ? "-" : "~") + $0.path }
    }

    @Test func `added, removed and changed files come in order`() throws {
        let test = try TestRepository()
        let old = try test.commit(["a/one": "1", "a/two": "2", "b": "3", "same/x": "4", ".env": "5"])
        let new = try test.commit(["a/one": "1!", "a/two": nil, "c/d/e": "6", "a.txt": "7", ".env": "8"])
        let changes = try test.repository.changes(from: old, to: new)
        #expect(describe(changes) == ["+a.txt", "~a/one", "-a/two", "+c/d/e"])
        #expect(changes[1].old?.size == 1)
        #expect(changes[1].new?.size == 2)
        #expect(describe(try test.repository.changes(from: new, to: old)) == ["-a.txt", "~a/one", "+a/two", "-c/d/e"])
        #expect(describe(try test.repository.changes(from: old, to: new, below: "a")) == ["~a/one", "-a/two"])
        #expect(try test.repository.changes(from: new, to: new).isEmpty)
    }

    @Test func `from nothing, everything is added`() throws {
        let test = try TestRepository()
        let id = try test.commit(["a/b": "1", "c": "2"])
        #expect(describe(try test.repository.changes(from: nil, to: id)) == ["+a/b", "+c"])
    }

    @Test func `a file that becomes a directory is a removal and additions`() throws {
        let test = try TestRepository()
        let old = try test.commit(["x": "1"])
        let new = try test.commit(["x": nil, "y": "1"])
        let third = try test.repository.commit(
            files: ["y": nil, "x/below": [1]], message: "m", author: TestRepository.author, time: test.tick())
        #expect(describe(try test.repository.changes(from: old, to: new)) == ["-x", "+y"])
        #expect(describe(try test.repository.changes(from: old, to: third)) == ["-x", "+x/below"])
        #expect(describe(try test.repository.changes(from: third, to: old)) == ["+x", "-x/below"])
    }

    @Test func `an executable bit alone is no change, a link is`() throws {
        let test = try TestRepository()
        let blob = try test.writeBlob("x")
        let commits = try ["100644", "100755", "120000"].map { mode in
            try test.writeCommit(tree: try test.writeTree([RawEntry(mode, "x", blob)]))
        }
        #expect(try test.repository.changes(from: commits[0], to: commits[1]).isEmpty)
        #expect(describe(try test.repository.changes(from: commits[0], to: commits[2])) == ["~x"])
    }

    @Test func `equal directories are never opened`() throws {
        let test = try TestRepository()
        var files: [String: String?] = [:]
        for number in 0..<50 { files["dir\(number)/x.yaml"] = "\(number)" }
        let old = try test.commit(files)
        let new = try test.commit(["dir7/x.yaml": "changed"])
        let repository = try Git.Repository.open(at: test.path)
        #expect(describe(try repository.changes(from: old, to: new)) == ["~dir7/x.yaml"])
        // The two roots and dir7 on both sides; both commits' roots once more to find the directory would be six.
        #expect(repository.treesOpened == 4)
    }
}
