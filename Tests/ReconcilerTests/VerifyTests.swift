import Foundation
import Git
import TestSupport
import Testing
import Values

/// `verify` and `--verify`: whose signature a commit needs.
@Suite("Signed commits")
struct VerifyTests {
    private let ada = TestSigner(1)
    private let eve = TestSigner(2)

    private func user(_ name: String) -> String {
        "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {displayName: Somebody}\n"
    }

    private func settings(_ key: String) -> String { "verify: {mode: head, keys: ['\(key)']}\n" }

    @Test("Only what a listed key signed is applied; the rest is recorded as rejected, with who signed it (fault B59)")
    func isAsked() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        try fleet.repository.directory.write(".writ/keys", "# Who may\nada@example.com \(try ada.publicKey)\n")
        let keys = ["--verify", fleet.repository.directory.path(".writ/keys")]
        let first = try fleet.repository.repository.resolve("HEAD")
        let unsigned = try await fleet.writ(["apply"] + keys)
        #expect(unsigned.status == 1 && unsigned.stderr.contains("it is not signed"), "\(unsigned)")
        try fleet.repository.sign(first, by: ada)
        let signed = try await fleet.writ(["apply"] + keys)
        #expect(signed.status == 0, "\(signed)")

        let second = try fleet.commit(["eve.yaml": user("eve")])
        let plan = try await fleet.writ(["plan"] + keys)
        #expect(plan.status == 0 && plan.stdout.contains("would not be applied"), "\(plan)")
        let results = try await fleet.writ(["plan", "-o", "sarif"] + keys).json.value(atPath: "runs.0.results")
        #expect(results?[0]?["ruleId"] == "refused" && results?[0]?["level"] == "error", "\(results ?? [])")
        let other = try fleet.repository.sign(second, by: eve)
        let refused = try await fleet.writ(["apply"] + keys)
        #expect(refused.status == 1 && refused.stderr.contains("which is not listed"), "\(refused)")
        let status = try await fleet.json("status")
        #expect(status.value(atPath: "lastReconcile.outcome")?.string == "rejected")
        #expect(status.value(atPath: "lastReconcile.commit")?.string == other.text)
        #expect(status.value(atPath: "lastReconcile.message")?.string?.contains("SHA256:") == true)
        #expect(status.value(atPath: "revision.number")?.int == 1)
        #expect(try await fleet.writ("apply").status == 0)
    }

    @Test(
        "A key that does not count any more signs nothing that goes on from a later commit, whatever date that has",
        arguments: [true, false])
    func isBackdated(_ isLater: Bool) async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        let git = fleet.repository.repository
        func date(_ id: ObjectID, _ seconds: Int) throws -> ObjectID {
            let text = String(decoding: try git.commitBytes(id), as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                guard line.hasPrefix("committer ") else { return String(line) }
                return line.split(separator: " ").dropLast(2).joined(separator: " ") + " \(seconds) +0000"
            }
            let dated = try git.writeObject(Array(lines.joined(separator: "\n").utf8), as: .commit)
            try fleet.repository.branch("main", at: dated)
            return dated
        }
        try fleet.repository.directory.write(
            ".writ/keys", "ada@example.com valid-before=\"20200101Z\" \(try ada.publicKey)\n")
        let (june2019, october2019, may2021) = (1_560_000_000, 1_570_000_000, 1_620_000_000)
        let first = try date(try git.resolve("HEAD"), isLater ? may2021 : june2019)
        #expect(try await fleet.writ("apply").status == 0)
        try fleet.repository.sign(try date(try fleet.commit(["eve.yaml": user("eve")]), october2019), by: ada)
        let result = try await fleet.writ("apply", "--verify", fleet.repository.directory.path(".writ/keys"))
        #expect(result.status == (isLater ? 1 : 0), "\(result)")
        let words = "before commit \(first.shortText) from which it goes on"
        #expect(result.stderr.contains(words) == isLater, "\(result)")
    }

    @Test("A signature for something else, or of another commit, does not count")
    func isBorrowed() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        try fleet.repository.directory.write(".writ/keys", try ada.publicKey)
        let git = fleet.repository.repository
        let first = try git.resolve("HEAD")
        let bytes = String(decoding: try git.commitBytes(first), as: UTF8.self)
        let end = try #require(bytes.firstRange(of: "\n\n"))
        for signature in [
            try ada.sign(Array("something else".utf8)), try ada.sign(Array(bytes.utf8), namespace: "file"),
            "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", "-----BEGIN SIGNED MESSAGE-----\n",
        ] {
            let lines = signature.split(separator: "\n").joined(separator: "\n ")
            let text = "\(bytes[..<end.lowerBound])\ngpgsig \(lines)\(bytes[end.lowerBound...])"
            try fleet.repository.branch("main", at: try git.writeObject(Array(text.utf8), as: .commit))
            let result = try await fleet.writ("apply", "--verify", fleet.repository.directory.path(".writ/keys"))
            #expect(result.status == 1 && result.stderr.contains("`verify` asks for a signature"), "\(result)")
        }
    }

    @Test("`verify` of the applied writ.yaml holds, whatever the commit itself says of it (fault B59)")
    func isFromBefore() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada"), "writ.yaml": settings(try ada.publicKey)])
        // Nothing was applied that asks for one.
        #expect(try await fleet.writ("apply").status == 0)
        // A commit that lists its own signer, and one that asks for none.
        let own = try fleet.commit(["writ.yaml": settings(try eve.publicKey), "eve.yaml": user("eve")])
        try fleet.repository.sign(own, by: eve)
        let refused = try await fleet.writ("apply")
        #expect(refused.status == 1 && refused.stderr.contains("which is not listed"), "\(refused)")
        try fleet.commit(["writ.yaml": "prune: true\n"])
        #expect(try await fleet.writ("apply").status == 1)
        // Who is listed may hand over.
        let handed = try fleet.commit(["writ.yaml": settings(try eve.publicKey)])
        try fleet.repository.sign(handed, by: ada)
        let applied = try await fleet.writ("apply")
        #expect(applied.status == 0, "\(applied)")
        let late = try fleet.commit(["bob.yaml": user("bob")])
        try fleet.repository.sign(late, by: ada)
        #expect(try await fleet.writ("apply").status == 1)
        try fleet.repository.sign(late, by: eve)
        #expect(try await fleet.writ("apply").status == 0)
    }

    @Test("`serve` keeps the last good revision until a signed commit comes")
    func isServed() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        try fleet.repository.directory.write(".writ/keys", try ada.publicKey)
        try fleet.repository.sign(try fleet.repository.repository.resolve("HEAD"), by: ada)
        let serve = try await fleet.serve(
            "--interval", "1s", "--verify", fleet.repository.directory.path(".writ/keys"))
        try await serve.logged("applied a revision")
        let next = try fleet.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        try await serve.logged("it is not signed")
        #expect(try await serve.json("/api/v1/status").value(atPath: "revision.number")?.int == 1)
        try fleet.repository.sign(next, by: ada)
        try await serve.logged("applied a revision", count: 2)
        #expect(try await serve.terminate() == 0)
    }

    @Test("A key file that is none ends the command, and a key in writ.yaml that is none has its place")
    func isMistaken() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        try fleet.repository.directory.write(".writ/keys", "ssh-ed25519 nonsense\n")
        let header = ["-----BEGIN OPENSSH PRIVATE", "KEY-----"].joined(separator: " ")
        try fleet.repository.directory.write(".writ/private", "\(header)\nAAAA\n")
        for (path, said) in [
            ("keys", "no public key"), ("none", "cannot be read: No such file"), ("", "is a directory"),
            ("private", "this is a private key; give the public one"),
        ] {
            let result = try await fleet.writ("plan", "--verify", fleet.repository.directory.path(".writ/\(path)"))
            #expect(result.status == 1 && result.stderr.contains(said), "\(result)")
        }
        for text in [settings("ssh-ed25519 nonsense"), "verify: {keys: []}\n", "verify: {}\n"] {
            try fleet.commit(["writ.yaml": text])
            let result = try await fleet.writ("validate")
            #expect(result.status == 1 && result.stdout.contains("writ.yaml:1:"), "\(result)")
        }
    }

    @Test("Where signatures are not looked at, nobody is told that they are")
    func isNotLookedAt() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        for command in [["diff", "HEAD..HEAD"], ["validate"], ["undo", "1"], ["status"]] {
            let result = try await fleet.writ(command + ["--verify", "/nonexistent"])
            #expect(result.status == 1 && result.stderr.contains("--verify"), "\(result)")
        }
    }

    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("GitTests/Fixtures/signatures").path

    @Test(
        "A PGP signature counts by a listed key alone, through gpgv",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gpgv")))
    func isPGP() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        let commit = Array(try #require(FileManager.default.contents(atPath: "\(Self.fixtures)/pgp.commit")))
        try fleet.repository.branch("main", at: try fleet.repository.repository.writeObject(commit, as: .commit))
        for (keys, said) in [("pgp-other.asc", "which is not listed"), ("ed25519.pub", "no PGP key is listed")] {
            let refused = try await fleet.writ("apply", "--verify", "\(Self.fixtures)/\(keys)")
            #expect(refused.stderr.contains(said), "\(refused)")
        }
        // Its tree is empty, so that it is no more than its signature that is looked at here.
        let good = try await fleet.writ("apply", "--verify", "\(Self.fixtures)/pgp.asc")
        #expect(!good.stderr.contains("verify"), "\(good)")
        let changed = String(decoding: commit, as: UTF8.self).replacing("Signed with PGP", with: "Signed with pgp")
        let other = try fleet.repository.repository.writeObject(Array(changed.utf8), as: .commit)
        try fleet.repository.branch("main", at: other)
        let bad = try await fleet.writ("apply", "--verify", "\(Self.fixtures)/pgp.asc")
        #expect(bad.status == 1 && bad.stderr.contains("not valid for it"), "\(bad)")
    }
}
