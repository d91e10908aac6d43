import Git
import TestSupport
import Testing
import Values

@Suite("Following a branch")
struct FollowTests {
    private let broken = "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: greeter}\nspec: {modle: x}\n"

    @Test("New commits are applied; a bad one is rejected with its reasons, and the last good revision stays")
    func isFollowed() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        let first = try await serve.json("/api/v1/status")
        #expect(first.value(atPath: "revision.number")?.int == 1)
        #expect(first.value(atPath: "revision.actor")?.string == "writ serve")

        try fleet.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        try await serve.logged("applied a revision", count: 2)
        let good = try fleet.read("agents/greeter.yaml")
        let bad = try fleet.commit(["agents/greeter.yaml": broken])
        try await serve.logged("rejected, the last good revision stays")
        try await rejected(fleet, serve, commit: bad.text)

        try fleet.commit(["agents/greeter.yaml": good.replacing("maxSteps: 2", with: "maxSteps: 3")])
        try await serve.logged("applied a revision", count: 3)
        let status = try await serve.json("/api/v1/status")
        #expect(status.value(atPath: "revision.number")?.int == 3)
        #expect(status.value(atPath: "lastReconcile.outcome")?.string == "applied")
        #expect(try await serve.terminate() == 0)
    }

    private func rejected(_ fleet: Fleet, _ serve: ServeProcess, commit: String) async throws {
        let look = try #require(try await fleet.json("status")["lastReconcile"])
        #expect(look["outcome"]?.string == "rejected")
        #expect(look["commit"]?.string == commit)
        #expect(look["revision"]?.int == 2)
        let diagnostics = look["diagnostics"]?.array ?? []
        let unknown = try #require(diagnostics.first { $0["code"]?.string == "unknown-field" }, "\(diagnostics)")
        #expect(unknown["path"]?.string == "agents/greeter.yaml")
        #expect(unknown["line"]?.int == 4)
        #expect(unknown["column"]?.int == 8)
        #expect(unknown["fix"]?.string?.contains("model") == true)
        let text = try await fleet.writ("status")
        #expect(text.stdout.contains("Revision    2 "), "\(text)")
        #expect(text.stdout.contains("agents/greeter.yaml:4:8: "), "\(text)")
        let page = try await serve.get("/")
        #expect(page.status == 200)
        #expect(page.text.contains("agents/greeter.yaml"))
        // The last good revision is ready for work.
        #expect(try await serve.get("/readyz").status == 200)
    }

    @Test("A branch that was set back is not followed without a person's word (fault B54)")
    func isRewound() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let first = try fleet.repository.repository.resolve("HEAD")
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        try fleet.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        try await serve.logged("applied a revision", count: 2)
        try fleet.repository.branch("main", at: first)
        try await serve.logged("does not descend from the applied commit")
        // The lock is held here, so that the command alone would be refused.
        let look = try await fleet.json("status")["lastReconcile"]?["message"]?.string
        #expect(
            look?.contains(
                "if that is meant, stop `writ serve`, apply it with `writ apply --rev \(first.shortText) --allow-rewind`,"
                    + " and start it again") == true, "\(look ?? "")")
        #expect(try await serve.json("/api/v1/status").value(atPath: "revision.number")?.int == 2)
        #expect(try await serve.terminate() == 0)
    }

    @Test("Another branch that is checked out meanwhile is not followed")
    func isCheckedOut() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("follows the branch that HEAD is on now")
        try await serve.logged("applied a revision")
        let agent = try fleet.read("agents/greeter.yaml")
        try fleet.repository.branch("draft", at: try fleet.repository.repository.resolve("HEAD"))
        try fleet.repository.writeReference("HEAD", "ref: refs/heads/draft")
        let draft = try fleet.repository.commit(
            ["agents/greeter.yaml": agent.replacing("maxSteps: 2", with: "maxSteps: 9")], "Draft", branch: "draft")
        #expect(try fleet.repository.repository.resolve("HEAD") == draft)
        // A commit on the branch is applied, and nothing came between.
        let merged = try fleet.repository.commit(
            ["agents/greeter.yaml": agent.replacing("maxSteps: 2", with: "maxSteps: 3")], "Merged", branch: "main")
        try await serve.logged("applied a revision", count: 2)
        let status = try await serve.json("/api/v1/status")
        #expect(status.value(atPath: "revision.number")?.int == 2)
        #expect(status.value(atPath: "revision.commit")?.string == merged.text)
        #expect(status.value(atPath: "lastReconcile.branch")?.string == "main")
        #expect(try await serve.terminate() == 0)
    }

    @Test("A repository that is gone leaves what is applied at work")
    func isGone() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        try fleet.repository.directory.remove(".git")
        try await serve.logged("the repository cannot be read")
        let run = try await fleet.writ("run", "greeter", "--state", fleet.statePath)
        #expect(run.status == 0, "\(run)")
        #expect(run.stdout.hasPrefix("Hello, and welcome!"), "\(run)")
        #expect(try await serve.terminate() == 0)
    }
}
