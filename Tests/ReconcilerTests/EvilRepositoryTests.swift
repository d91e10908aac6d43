import Git
import Spec
import TestSupport
import Testing
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What git itself never writes, and libgit2 does not survive. Each command ends with an error, in time.
@Suite("Repositories that harm who reads them")
struct EvilRepositoryTests {
    /// The head of a repository, object by object.
    private struct Head {
        let fleet: Fleet
        let commit: ObjectID
        let tree: ObjectID
        let blob: ObjectID

        /// - Parameter timeout: what a hang may take; the default where it is `nil`
        init(timeout: String? = "4s", memory: String? = nil) throws {
            var fleet = try Fleet()
            fleet.environment["WRIT_READ_TIMEOUT"] = timeout
            fleet.environment["WRIT_READ_MEMORY"] = memory
            self.fleet = fleet
            let text = "apiVersion: writ/v1\nkind: User\nmetadata: {name: ada}\nspec: {displayName: Ada Lovelace}\n"
            blob = try fleet.repository.writeBlob(text)
            tree = try fleet.repository.writeTree([RawEntry("100644", "ada.yaml", blob)])
            commit = try fleet.repository.writeCommit(tree: tree)
            try fleet.repository.branch("main", at: commit)
        }

        var objects: [ObjectID] { [commit, tree, blob] }

        func replaceWithPipe(_ id: ObjectID) throws {
            try fleet.repository.damage(id, nil)
            try #require(mkfifo(fleet.repository.directory.path(fleet.repository.looseObject(id)), 0o600) == 0)
        }

        /// Reads the commit, and is told why not.
        @discardableResult
        func isRefused(saying text: String? = nil) async throws -> String {
            let result = try await fleet.writ("plan")
            #expect(result.status == 1, "\(result)")
            let said = result.stderr + result.stdout
            if let text { #expect(said.contains(text), "\(result)") }
            return said
        }
    }

    @Test("What some file system takes for `.git` is never read, and every plan tells of it (fault B42)")
    func isCalledAsGit() async throws {
        let head = try Head(timeout: nil)
        let repository = head.fleet.repository
        let hidden = "apiVersion: writ/v1\nkind: User\nmetadata: {name: eve}\nspec: {}\n"
        let below = try repository.writeTree([RawEntry("100644", "eve.yaml", try repository.writeBlob(hidden))])
        var last = head.commit
        func commit(_ entries: [RawEntry]) throws {
            let tree = try repository.writeTree(entries + [RawEntry("100644", "ada.yaml", head.blob)])
            last = try repository.writeCommit(tree: tree, parents: [last])
            try repository.branch("main", at: last)
        }
        func warnings() async throws -> [String] {
            let plan = try await head.fleet.json("plan")
            let full = try await head.fleet.json("plan", "--full")
            #expect(plan["warnings"] == full["warnings"])
            #expect(plan["changes"] == full["changes"])
            let warnings = plan["warnings"]?.array ?? []
            return warnings.compactMap { $0["code"] == "ignored-name" ? $0["path"]?.string : nil }
        }
        try commit([RawEntry("40000", ".GIT", below), RawEntry("100644", ".g\u{200c}it", head.blob)])
        #expect(try await warnings() == [".GIT", ".g\u{200c}it"])
        #expect(try await head.fleet.writ("plan").stdout.contains(".g\\u{200c}it:1:1: warning: some file systems take"))
        #expect(try await head.fleet.json("apply").value(atPath: "summary.create")?.int == 1)
        // What is recorded says it again, until it is gone.
        #expect(try await warnings() == [".GIT", ".g\u{200c}it"])
        try commit([RawEntry("40000", ".GIT", below)])
        #expect(try await warnings() == [".GIT"])
        _ = try await head.fleet.json("apply")
        try commit([])
        #expect(try await warnings() == [])
    }

    @Test("An object that was cut off ends the reading, not the reader (fault B33)", arguments: 0..<3)
    func isCut(_ object: Int) async throws {
        let head = try Head()
        let id = head.objects[object]
        let path = head.fleet.repository.looseObject(id)
        let bytes = Array(try head.fleet.repository.directory.read(bytes: path).prefix(18))
        try head.fleet.repository.damage(id, bytes)
        let said = try await head.isRefused(saying: "git fsck")
        #expect(said.contains(id.shortText), "\(said)")
    }

    @Test("A cut object among many is named, whatever is read beside it (fault B33)")
    func isCutAmongMany() async throws {
        let head = try Head()
        var entries: [RawEntry] = []
        var blobs: [ObjectID] = []
        for number in 0..<90 {
            let name = "user-\(number)"
            let blob = try head.fleet.repository.writeBlob(
                "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {displayName: \(name)}\n")
            blobs.append(blob)
            entries.append(RawEntry("100644", "\(name).yaml", blob))
        }
        entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
        let tree = try head.fleet.repository.writeTree(entries)
        try head.fleet.repository.branch("main", at: try head.fleet.repository.writeCommit(tree: tree))
        let path = head.fleet.repository.looseObject(blobs[20])
        let bytes = Array(try head.fleet.repository.directory.read(bytes: path).prefix(18))
        try head.fleet.repository.damage(blobs[20], bytes)
        let said = try await head.isRefused(saying: "git fsck")
        #expect(said.contains("user-20.yaml") && said.contains(blobs[20].shortText), "\(said)")
    }

    @Test("A cut object is told of within 10 s where nobody chose a limit (fault B33)")
    func isCutForAll() async throws {
        let head = try Head(timeout: nil)
        let path = head.fleet.repository.looseObject(head.blob)
        try head.fleet.repository.damage(
            head.blob, Array(try head.fleet.repository.directory.read(bytes: path).prefix(18)))
        let said = try await head.isRefused(saying: "git fsck")
        #expect(said.contains("ada.yaml"), "\(said)")
    }

    @Test(
        "An object whose header does not fit its content is refused (fault B36)",
        arguments: [
            // libgit2 writes behind its buffer, and whether that is found out by it, its caller or malloc varies.
            "blob 5": "git fsck", "blob 7x": "git fsck", "blob 4000000000000000000": "[file-too-large]",
            "blob 9223372036854775808": "ada.yaml", "blob -1": "ada.yaml", "tree 20": "ada.yaml",
        ])
    func headerLies(_ header: String, _ text: String) async throws {
        let head = try Head()
        let content = [UInt8](repeating: UInt8(ascii: "#"), count: 40_000)
        try head.fleet.repository.damage(head.blob, LooseObject.file(header: header, content: content))
        try await head.isRefused(saying: text)
    }

    @Test("What is far too long is refused before it is inflated (fault B38)")
    func isBomb() async throws {
        let head = try Head()
        let repository = head.fleet.repository
        let zeros = [UInt8](repeating: 0, count: 64 << 20)
        let blob = try repository.repository.writeObject(zeros, as: .blob)
        let tree = try repository.writeTree([RawEntry("100644", "ada.yaml", blob)])
        try repository.branch("main", at: try repository.writeCommit(tree: tree))
        try await head.isRefused(saying: "[file-too-large]")
        try repository.branch("main", at: try repository.repository.writeObject(zeros, as: .commit))
        try await head.isRefused(saying: "67108864 bytes")
    }

    @Test("Directories without end are given up (fault B40)")
    func isDeep() async throws {
        let head = try Head()
        let repository = head.fleet.repository
        var tree = head.tree
        for _ in 0..<2_000 { tree = try repository.writeTree([RawEntry("40000", "d", tree)]) }
        try repository.branch("main", at: try repository.writeCommit(tree: tree))
        try await head.isRefused(saying: "32 directories deep")
    }

    @Test("A pipe in an object's place is not waited for (fault B52)", arguments: 0..<3)
    func isPipe(_ object: Int) async throws {
        let head = try Head()
        try head.replaceWithPipe(head.objects[object])
        let said = try await head.isRefused(saying: "within 2 s")
        #expect(said.contains(head.objects[object].shortText), "\(said)")
    }

    @Test("A repository that takes more memory than it may is given up")
    func isGreedy() async throws {
        let head = try Head(timeout: nil, memory: "64")
        let repository = head.fleet.repository
        let rest: [UInt8] = [0] + ObjectID.zero.bytes
        var bytes: [UInt8] = []
        for number in 100_000..<700_000 { bytes += Array("100644 \(number)".utf8) + rest }
        let tree = try repository.repository.writeObject(bytes, as: .tree)
        try repository.branch("main", at: try repository.writeCommit(tree: tree))
        try await head.isRefused(saying: "64 MiB of memory")
    }

    @Test("`serve` keeps the last good revision, says why, and goes on when it is mended (faults B33, B52)")
    func lastGoodStays() async throws {
        var fleet = try Fleet(try Examples.files("quickstart"))
        fleet.environment["WRIT_READ_TIMEOUT"] = "2s"
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")

        let repository = fleet.repository
        try repository.branch("next", at: try repository.repository.resolve("HEAD"))
        let text = "A person who never was, with a name that is long enough to be cut.\n"
        let next = try repository.commit(
            [
                "users/eve.yaml":
                    "apiVersion: writ/v1\nkind: User\nmetadata: {name: eve}\nspec: {displayName: Eve}\n# \(text)"
            ], branch: "next")
        let snapshot = try repository.repository.snapshot(of: next)
        let blob = try #require(try snapshot.entry(at: "users/eve.yaml").flatMap { ObjectID($0.blob) })
        let whole = try repository.directory.read(bytes: repository.looseObject(blob))
        try repository.damage(blob, Array(whole.prefix(18)))
        try repository.branch("main", at: next)
        try await serve.logged("the repository cannot be read, the last good revision stays")
        let status = try await serve.json("/api/v1/status")
        #expect(status.value(atPath: "revision.number")?.int == 1)
        #expect(status.value(atPath: "lastReconcile.outcome")?.string == "unreadable")
        #expect(status.value(atPath: "lastReconcile.message")?.string?.contains("users/eve.yaml") == true)
        #expect(try await serve.get("/healthz").status == 200)

        try repository.damage(blob, whole)
        try await serve.logged("applied a revision", count: 2)
        #expect(try await serve.terminate() == 0)
    }
}
