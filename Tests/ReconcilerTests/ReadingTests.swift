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
        /// The program as a shell starts it.
        private static func shell(_ command: String, _ fleet: Fleet) throws -> ChildProcess {
            try ChildProcess(
                "/bin/sh", ["-c", command, try #require(WritBinary.path)],
                environment: ["PATH": "/usr/bin:/bin", "HOME": fleet.repository.path], directory: fleet.repository.path)
        }

        @Test("Whoever allows this process less memory than reading may take allows reading as much")
        func isLimitedAlready() async throws {
            let fleet = try Fleet(try Examples.files("quickstart"))
            let plan = try Self.shell(#"ulimit -v 900000 && exec "$0" plan -o json"#, fleet)
            #expect(try await plan.wait() == 0, "\(plan.stderr)")
            #expect(try JSON(parsing: plan.stdout)["changes"]?.array?.isEmpty == false)
        }

        @Test("Closed standard streams are filled before a file takes their place")
        func closedStreams() async throws {
            let fleet = try Fleet(try Examples.files("quickstart"))
            #expect(try await Self.shell(#"exec "$0" apply <&- >&- 2>&-"#, fleet).wait() == 0)
            #expect(try await fleet.json("status")["revision"]?["number"] == 1)
        }

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
            let reader = try #require(await Self.reader(of: plan.pid), "no reading process with limits was seen")
            #expect(reader.command == "writ\0read-source\0")
            #expect(reader.coreLimit == "0")
            #expect(!reader.environment.contains("it-is-a-secret"))
            #expect(reader.parentEnvironment.contains("it-is-a-secret"))
            plan.send(SIGKILL)
            _ = try await plan.wait()
            try await waitUntil("the reading process ends", timeout: .seconds(20)) {
                !Self.text("/proc/\(reader.pid)/cmdline").contains("read-source")
            }
        }

        private struct Reader {
            let pid: Int32
            let command: String
            let coreLimit: Substring?
            let environment: String
            let parentEnvironment: String
        }

        /// The child that has its limits. It lives for seconds only: it is looked for on a thread of its own, as those
        /// of the tests may all be busy.
        private static func reader(of parent: Int32) async -> Reader? {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    let end = ContinuousClock.now + .seconds(60)
                    var found: Reader?
                    while found == nil, ContinuousClock.now < end {
                        found =
                            ((try? children(of: parent)) ?? []).lazy.compactMap { reader(with: $0, of: parent) }.first
                        if found == nil { usleep(5_000) }
                    }
                    continuation.resume(returning: found)
                }
            }
        }

        private static func reader(with pid: Int32, of parent: Int32) -> Reader? {
            guard limit("Max file size", of: pid) == "0" else { return nil }
            return Reader(
                pid: pid, command: text("/proc/\(pid)/cmdline"), coreLimit: limit("Max core file size", of: pid),
                environment: text("/proc/\(pid)/environ"),
                parentEnvironment: text("/proc/\(parent)/environ"))
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
