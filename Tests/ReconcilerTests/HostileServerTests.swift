import Foundation
import Git
import HTTPTestSupport
import Synchronization
import TestSupport
import Testing
import Values

/// Servers that send what no git server does. Each fetch ends with an error, nothing is written but in the cache, and
/// the next good answer is taken.
@Suite("Servers that send what harms", .timeLimit(.minutes(5)))
struct HostileServerTests {
    private static let person = "A <a@example.com> 1767225600 +0000"

    /// What the server answers next.
    private struct Answer: Sendable {
        /// Names and what they are at; the first may be HEAD.
        var references: [String]
        var head = "refs/heads/main"
        var pack: [UInt8]
    }

    private struct Commit {
        let id: ObjectID
        let entries: [(id: ObjectID, content: RawPack.Content)]

        init(_ blob: [(id: ObjectID, content: RawPack.Content)]) {
            let file = blob.last?.id ?? .zero
            let tree = RawPack.object(.tree, Array("100644 ada.yaml\0".utf8) + file.bytes)
            let commit = RawPack.object(
                .commit,
                Array(
                    "tree \(tree.id)\nauthor \(HostileServerTests.person)\ncommitter \(HostileServerTests.person)\n\nX\n"
                        .utf8))
            id = commit.id
            entries = blob + [tree, commit]
        }

        var pack: [UInt8] { RawPack(entries).files.pack }
        var references: [String] { ["\(id) HEAD", "\(id) refs/heads/main"] }
    }

    private static let good = Commit([
        RawPack.object(
            .blob, Array("apiVersion: writ/v1\nkind: User\nmetadata: {name: ada}\nspec: {displayName: Ada}\n".utf8))
    ])

    private static func reply(_ answer: Answer, to request: HTTPTestRequest) -> HTTPTestReply {
        guard request.target.hasSuffix("upload-pack"), request.method == "GET" else {
            let pack = request.text.hasSuffix("0009done\n") ? answer.pack : []
            return GitService.reply(Array("0008NAK\n".utf8) + pack, "application/x-git-upload-pack-result")
        }
        var lines = answer.references
        lines[0] += "\0ofs-delta symref=HEAD:\(answer.head) agent=test"
        let body =
            GitService.line("# service=git-upload-pack\n") + "0000"
            + lines.map { GitService.line($0 + "\n") }.joined() + "0000"
        return GitService.reply(Array(body.utf8), "application/x-git-upload-pack-advertisement")
    }

    /// Asks for each of the answers in turn, then for the good one.
    private func refuses(_ answers: [Answer], _ environment: [String: String] = [:]) async throws {
        let good = Answer(references: Self.good.references, pack: Self.good.pack)
        let next = Mutex(good)
        let server = try await HTTPTestServer.start { request in
            Self.reply(next.withLock { $0 }, to: request)
        }
        let home = try TemporaryDirectory()
        func plan() async throws -> CommandResult {
            try await WritBinary.run(
                ["plan", "--repo", "http://127.0.0.1:\(server.port)/fleet.git"],
                environment: ["HOME": home.path].merging(environment) { _, own in own }, in: home.path)
        }
        for (number, answer) in answers.enumerated() {
            next.withLock { $0 = answer }
            let result = try await plan()
            #expect(result.status == 1 && result.stderr.hasPrefix("writ: error: "), "answer \(number): \(result)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [".cache"])
        }
        next.withLock { $0 = good }
        let result = try await plan()
        #expect(result.status == 0 && result.stdout.contains(#"spec.displayName = "Ada""#), "\(result)")
        try await server.stop()
    }

    @Test("Packs that are cut, changed, empty or of something else are refused (fault B37)")
    func isDamaged() async throws {
        let pack = Self.good.pack
        var packs = [[], Array(pack.prefix(20)), Array(pack.dropLast(30)), [UInt8](repeating: 0, count: 200)]
        for place in stride(from: 4, to: pack.count, by: pack.count / 9) {
            var changed = pack
            changed[place] ^= 0x20
            packs.append(changed)
        }
        packs.append(RawPack([RawPack.object(.blob, Array("not what was asked for".utf8))]).files.pack)
        try await refuses(packs.map { Answer(references: Self.good.references, pack: $0) })
    }

    @Test(
        "A pack that says it has four billion objects, and a difference that grows to 4 GiB, are given up (fault B38)")
    func isBomb() async throws {
        let head = Array("PACK".utf8) + [0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF]
        let base = [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20)
        let bomb = Commit([
            RawPack.object(.blob, base),
            (ObjectID.zero, .delta(base: 0, RawPack.copying(base.count, times: 4_000))),
        ])
        try await refuses([
            Answer(references: Self.good.references, pack: head + Self.good.pack.dropFirst(12)),
            Answer(references: bomb.references, pack: bomb.pack),
        ])
    }

    @Test("Names of branches that lead out of the cache, or are none, are refused or left out (fault B41)")
    func isOutside() async throws {
        let id = Self.good.id
        let pack = Self.good.pack
        let names = [
            "refs/heads/../../../../../../tmp/writ-evil", "refs/heads/main.lock", "refs/heads/a\u{1B}[31m",
            "refs/heads/..", "/etc/writ-evil", "refs/heads/\(String(repeating: "n", count: 5_000))",
        ]
        for name in names {
            let next = Answer(references: ["\(id) HEAD", "\(id) \(name)"], head: name, pack: pack)
            try await refuses([next])
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/writ-evil"))
    }
}
