import Foundation
import Git
import TestSupport
import Testing
import Values

@Suite("Reading a commit")
struct ReadingTests {
    @Test("A commit says the same, in the same places, as its working tree, which is read in the same process")
    func isSame() async throws {
        let fleet = try Fleet(try Examples.files("research-desk"))
        try fleet.commit([
            "broken/a.yaml":
                "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: a}\nspec:\n  modle: é\u{7}\n  tools: [no, x]\n",
            "broken/b.yaml": "a: [\n", "broken/c.yaml": "kind: \"\\u0000\"\n",
        ])
        let commit = try await fleet.writ("validate", "--rev", "HEAD", "-o", "json")
        let tree = try await fleet.writ("validate", "-o", "json")
        #expect(commit.status == 1)
        #expect(commit.stdout == tree.stdout)
        #expect((try commit.json["diagnostics"]?.array?.count ?? 0) > 4, "\(commit)")
    }

    #if os(Linux)
        @Test("The process that reads has no secret, no file and no way to write, and ends with who asked it")
        func isShutIn() async throws {
            var fleet = try Fleet()
            fleet.environment["OPENAI_API_KEY"] = "it-is-a-secret"
            let blob = try fleet.repository.writeBlob("kind: User\n")
            let tree = try fleet.repository.writeTree([RawEntry("100644", "a.yaml", blob)])
            try fleet.repository.branch("main", at: try fleet.repository.writeCommit(tree: tree))
            try fleet.repository.damage(blob, nil)
            let pipe = fleet.repository.directory.path(fleet.repository.looseObject(blob))
            try #require(mkfifo(pipe, 0o600) == 0)

            let plan = try WritBinary.start(["plan"], environment: fleet.environment, in: fleet.repository.path)
            var reader: Int32?
            try await waitUntil("the reading process has its limits") {
                reader = try Self.children(of: plan.pid).first
                guard let reader else { return false }
                return Self.limit("Max file size", of: reader) == "0"
            }
            let pid = try #require(reader)
            #expect(Self.text("/proc/\(pid)/cmdline") == "writ\0read-source\0")
            #expect(Self.limit("Max core file size", of: pid) == "0")
            #expect(!Self.text("/proc/\(pid)/environ").contains("it-is-a-secret"))
            #expect(Self.text("/proc/\(plan.pid)/environ").contains("it-is-a-secret"))
            plan.send(SIGKILL)
            _ = try await plan.wait()
            try await waitUntil("the reading process ends", timeout: .seconds(20)) {
                !Self.text("/proc/\(pid)/cmdline").contains("read-source")
            }
        }

        private static func children(of parent: Int32) throws -> [Int32] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { pid in
                // After the name in parentheses: state, then parent (proc(5)).
                text("/proc/\(pid)/stat").split(separator: ") ").last?.split(separator: " ").dropFirst().first
                    == "\(parent)"
            }
        }

        private static func limit(_ name: String, of pid: Int32) -> Substring? {
            let line = text("/proc/\(pid)/limits").split(separator: "\n").first { $0.hasPrefix(name) }
            return line?.dropFirst(name.count).split(separator: " ").first
        }

        private static func text(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
    #endif
}
