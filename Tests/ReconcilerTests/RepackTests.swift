import Foundation
import Git
import TestSupport
import Testing
import Values

/// Reads while others push, repack and prune.
@Suite("Reading a repository that is being rewritten")
struct RepackTests {
    private static let reads = 50

    private static let hasGit = FileManager.default.isExecutableFile(atPath: "/usr/bin/git")

    /// Moves `main` about, packs everything anew and throws away what no branch names.
    private static let rewriting = """
        export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
        number=0
        while :; do
            number=$((number + 1))
            commit=$(git commit-tree -m "$number" keep^{tree}) && git update-ref refs/heads/main "$commit"
            git repack -adq && git prune --expire=now
            echo "$number"
            sleep 0.05
        done
        """

    @Test("Objects that move under the reader are found again (fault B56)", .enabled(if: hasGit))
    func isRewritten() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let head = try fleet.repository.repository.resolve("HEAD")
        try fleet.repository.branch("keep", at: head)
        let limits: JSON = ["memory": 1_073_741_824, "stall": 8_000, "time": 300_000, "answer": 536_870_912]
        let open: JSON = [
            "do": "open", "location": .string(fleet.repository.path), "trustsOwner": false, "limits": limits,
        ]
        let load: JSON = ["do": "load", "commit": .string(head.text), "directory": ""]
        let questions = [open] + Array(repeating: load, count: Self.reads)
        try fleet.repository.directory.write(
            ".writ/questions", questions.map { $0.canonicalText + "\n" }.joined())

        let environment = ["PATH": "/usr/bin:/bin", "HOME": fleet.repository.path]
        let rewriter = try ChildProcess(
            "/bin/sh", ["-c", Self.rewriting], environment: environment, directory: fleet.repository.path)
        try await waitUntil("everything is packed") { rewriter.stdout.contains("1\n") }
        let before = rewriter.stdout.count
        // Its answers go through a pipe: it may not write to a file.
        let program = try #require(WritBinary.path)
        let reader = try ChildProcess(
            "/bin/sh", ["-c", #""$0" read-source < .writ/questions | cat"#, program], environment: environment,
            directory: fleet.repository.path)
        #expect(try await reader.wait() == 0)
        #expect(rewriter.stdout.count > before)
        #expect(rewriter.exitStatus == nil, "\(rewriter.stderr)")
        rewriter.send(SIGKILL)
        _ = try await rewriter.wait()
        let lines = reader.stdout.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix(#"{"error""#) }.isEmpty)
        #expect(lines.count { $0.hasPrefix(#"{"result""#) } == Self.reads + 1)
    }
}
