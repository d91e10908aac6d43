import Git
import Spec
import TestSupport
import Testing

/// Fetching from a repository on this machine: the rules are the same for every URL.
struct FetchTests {
    private struct Pair {
        let remote: TestRepository
        let cache: TestRepository

        init() throws {
            remote = try TestRepository()
            cache = try TestRepository(bare: true, branch: "none")
        }

        func fetch(limit: Int = 64 << 20) throws {
            try cache.repository.fetch(
                from: try RepositoryURL("file://" + remote.path), FetchOptions(limit: limit)
            ) { _ in }
        }
    }

    @Test func `branches, tags and HEAD come over, and nothing else`() throws {
        let pair = try Pair()
        let first = try pair.remote.commit(["a.yaml": "1"])
        try pair.remote.branch("side", at: first)
        let second = try pair.remote.commit(["a.yaml": "2"])
        try pair.remote.writeReference("refs/tags/v1", first.text)
        try pair.remote.writeReference("refs/pull/1/head", first.text)
        try pair.fetch()
        let cache = pair.cache.repository
        #expect(try cache.headBranch() == "main")
        #expect(try cache.resolve("HEAD") == second)
        #expect(try cache.resolve("side") == first)
        #expect(try cache.resolve("v1") == first)
        #expect(try cache.branches() == ["main", "side"])
        #expect(try cache.snapshot(of: second).entries(below: "")?.map(\.path) == ["a.yaml"])
        #expect(throws: GitError.self) { try cache.resolve("refs/pull/1/head") }
        #expect(!(try pair.cache.directory.read("config")).contains(pair.remote.path))
    }

    @Test func `what is gone or forced back there is so here, and a branch may become a directory`() throws {
        let pair = try Pair()
        let first = try pair.remote.commit(["a.yaml": "1"])
        try pair.remote.branch("team", at: first)
        let second = try pair.remote.commit(["a.yaml": "2"])
        try pair.fetch()
        try pair.remote.directory.remove(".git/refs/heads/team")
        try pair.remote.branch("team/one", at: second)
        try pair.remote.branch("main", at: first)
        try pair.fetch()
        #expect(try pair.cache.repository.branches() == ["main", "team/one"])
        #expect(try pair.cache.repository.resolve("main") == first)
        #expect(try pair.cache.repository.resolve("team/one") == second)
    }

    @Test func `a remote without branches leaves none here, which no reader takes for an empty fleet (fault B55)`()
        throws
    {
        let pair = try Pair()
        try pair.remote.commit(["a.yaml": "1"])
        try pair.fetch()
        try pair.remote.directory.remove(".git/refs/heads/main")
        try pair.fetch()
        let error = #expect(throws: GitError.self) { try pair.cache.repository.resolve("HEAD") }
        #expect(error?.code == .emptyRepository)
    }

    @Test func `a remote that is not there changes nothing here`() throws {
        let pair = try Pair()
        let commit = try pair.remote.commit(["a.yaml": "1"])
        try pair.fetch()
        try pair.remote.directory.remove(".git")
        let error = #expect(throws: GitError.self) { try pair.fetch() }
        #expect(error?.code == .noRepository)
        #expect(try pair.cache.repository.resolve("main") == commit)
    }

    @Test func `objects borrowed from elsewhere are refused over a URL too (fault B51)`() throws {
        let pair = try Pair()
        try pair.remote.commit(["a.yaml": "1"])
        try pair.remote.directory.write(".git/objects/info/alternates", "/somewhere/objects\n")
        let error = #expect(throws: GitError.self) { try pair.fetch() }
        #expect(error?.code == .unsupported)
    }

    @Test func `more than may come is given up`() throws {
        let pair = try Pair()
        // Text that does not get shorter.
        var state: UInt64 = 1
        let noise = (0..<200_000).map { _ -> Character in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Character(Unicode.Scalar(UInt8(33 + (state >> 33) % 90)))
        }
        try pair.remote.commit(["a.yaml": String(noise)])
        let error = #expect(throws: GitError.self) { try pair.fetch(limit: 10_000) }
        #expect(error?.code == .tooLarge)
        #expect(try pair.cache.repository.branches().isEmpty)
    }

    @Test func `packs of many fetches become one, with all that is reached`() throws {
        let pair = try Pair()
        var commits: [ObjectID] = []
        for number in 1...6 {
            commits.append(try pair.remote.commit(["a.yaml": "\(number)"]))
            try pair.fetch()
        }
        let tag = try pair.remote.repository.writeObject(
            Array("object \(commits[0])\ntype commit\ntag v1\ntagger A <a@b> 1 +0000\n\nOne\n".utf8), as: .tag)
        try pair.remote.writeReference("refs/tags/v1", tag.text)
        try pair.fetch()
        let cache = pair.cache.repository
        #expect(cache.packCount() >= 6)
        try cache.packTogether {}
        #expect(cache.packCount() == 1)
        let again = try Repository.open(at: pair.cache.path)
        #expect(try again.resolve("v1") == commits[0])
        for (number, commit) in commits.enumerated() {
            let snapshot = try again.snapshot(of: commit)
            let entry = try #require(try snapshot.entry(at: "a.yaml"))
            #expect(try snapshot.contents(of: entry, limit: 10) == Array("\(number + 1)".utf8))
        }
        try again.packTogether {}
        #expect(again.packCount() == 1)
    }
}
