import Git
import TestSupport
import Testing
import Values

@Suite("Repositories that cannot be read")
struct BadRepositoryTests {
    private func refused(_ fleet: Fleet, _ arguments: String..., saying text: String) async throws {
        let result = try await fleet.writ(arguments)
        #expect(result.status == 1, "\(result)")
        #expect(result.stderr.contains("writ: error: "), "\(result)")
        #expect(result.stderr.contains(text), "\(result)")
    }

    @Test("A directory that is no repository")
    func isNone() async throws {
        let directory = try TemporaryDirectory()
        for command in ["plan", "apply", "status", "serve"] {
            let result = try await WritBinary.run([command], in: directory.path)
            #expect(result.status == 1, "\(result)")
            #expect(result.stderr.contains("repository"), "\(result)")
        }
        #expect(!directory.exists(".writ"))
    }

    @Test("A repository without a commit")
    func isUnborn() async throws {
        let fleet = try Fleet()
        try await refused(fleet, "plan", saying: "commit")
        try await refused(fleet, "apply", saying: "commit")
        #expect(!fleet.repository.directory.exists(".writ"))
    }

    @Test("A revision that is not there")
    func revisionIsMissing() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        try await refused(fleet, "plan", "--rev", "nope", saying: "nope")
        try await refused(fleet, "validate", "--rev", "nope", saying: "nope")
    }

    @Test("No manifests, or no such directory, is never read as the wish to delete everything")
    func isEmpty() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try await refused(fleet, "apply", "--path", "nowhere", saying: "nowhere")
        try await refused(fleet, "apply", "--path", "payloads", saying: "payloads")
        let files = try Examples.files("quickstart").filter { $0.key.hasSuffix(".yaml") && $0.key != "writ.yaml" }
        try fleet.commit(files.mapValues { _ in nil }, "Lose everything")
        try await refused(fleet, "plan", saying: "no manifest")
        try await refused(fleet, "apply", saying: "no manifest")
        let status = try await fleet.json("status")
        #expect(status.value(atPath: "revision.number")?.int == 1)
        #expect(status.value(atPath: "resources.agents")?.int == 1)
        // As `serve` would.
        #expect(status.value(atPath: "lastReconcile.outcome") == "unreadable", "\(status)")
        #expect(status.value(atPath: "lastReconcile.message")?.string?.contains("no manifest") == true)
    }

    @Test("Another directory of the repository is not applied in the place of the applied one (fault C60)")
    func pathIsAnother() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try await refused(fleet, "apply", "--path", "providers", saying: "--allow-path-change")
        #expect(try await fleet.json("status").value(atPath: "revision.number")?.int == 1)
        let plan = try await fleet.writ(["plan", "--path", "providers"])
        #expect(plan.stdout.contains("would not be applied"), "\(plan)")
        let meant = try await fleet.json(
            "apply", "--path", "./providers/", "--allow-path-change", "--allow-deletes", "3")
        #expect(meant["revision"]?.int == 2)
        #expect(try await fleet.json("apply", "--path", "providers")["applied"] == false)
    }

    @Test("Another directory that was agreed to is remembered, also where the commit changes nothing else")
    func pathMoves() async throws {
        let user = "apiVersion: writ/v1\nkind: User\nmetadata: {name: ada}\nspec: {displayName: Ada}\n"
        let fleet = try Fleet(["ada.yaml": user])
        _ = try await fleet.json("apply")
        try fleet.commit(["ada.yaml": nil, "fleet/ada.yaml": user])
        #expect(try await fleet.json("apply", "--path", "fleet", "--allow-path-change")["revision"]?.int == 1)
        #expect(try await fleet.json("apply", "--path", "fleet")["applied"] == false)
        try await refused(fleet, "apply", saying: "--allow-path-change")
    }

    @Test("A forgotten --path is told where the whole repository is not valid, and says nothing of the branch")
    func pathIsForgotten() async throws {
        let user = "apiVersion: writ/v1\nkind: User\nmetadata: {name: ada}\nspec: {displayName: Ada}\n"
        let fleet = try Fleet(["eu/ada.yaml": user, "us/ada.yaml": user])
        _ = try await fleet.json("apply", "--path", "eu")
        try fleet.commit(["eu/ada.yaml": user.replacing("Ada}", with: "Ada L.}")])
        let result = try await fleet.writ("apply")
        #expect(result.status == 1)
        #expect(result.stderr.contains("Nothing is recorded of it: revision 1 was read from `eu`"), "\(result)")
        #expect(try await fleet.json("status").value(atPath: "lastReconcile.outcome") != "rejected")
        #expect(try await fleet.json("apply", "--path", "eu")["revision"]?.int == 2)
    }

    @Test("A bare repository has its state below the user's state directory")
    func isBare() async throws {
        let bare = try TestRepository(bare: true)
        for (path, text) in try Examples.files("quickstart") { try bare.commit([path: text], "Add \(path)") }
        let home = try TemporaryDirectory()
        let result = try await WritBinary.run(
            ["apply", "--repo", bare.path], environment: ["HOME": home.path, "XDG_STATE_HOME": ""], in: home.path)
        #expect(result.status == 0, "\(result)")
        #expect(home.exists(".local/state/writ"))
        let files = try await WritBinary.run(["validate", bare.path], in: home.path)
        #expect(files.status == 1 && files.stderr.contains("is a bare repository"), "\(files)")
        let commit = try await WritBinary.run(["validate", bare.path, "--rev", "HEAD"], in: home.path)
        #expect(commit.status == 0, "\(commit)")
    }

    @Test("A shallow clone, as CI makes it, is planned and applied")
    func isShallow() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let first = try fleet.repository.repository.resolve("HEAD")
        let second = try fleet.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        try fleet.repository.directory.write(".git/shallow", second.text + "\n")
        try fleet.repository.damage(first, nil)
        #expect(try await fleet.json("plan").value(atPath: "summary.create")?.int == 4)
        #expect(try await fleet.json("apply")["revision"]?.int == 1)
        try fleet.edit("prompts/greeter.md", "two sentences", "three sentences")
        #expect(try await fleet.json("apply")["revision"]?.int == 2)
    }

    @Test("A branch that is not there yet keeps `serve` running, and is applied when it comes")
    func branchIsMissing() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve("--branch", "live", "--interval", "1s")
        try await serve.logged("cannot be read")
        let status = try await fleet.json("status")
        #expect(status.value(atPath: "lastReconcile.outcome")?.string == "unreadable")
        #expect(status.value(atPath: "lastReconcile.message")?.string?.contains("live") == true)
        #expect(status["revision"] == nil)
        #expect(try await serve.get("/readyz").status == 503)
        #expect(try await serve.get("/healthz").status == 200)
        try fleet.repository.branch("live", at: try fleet.repository.repository.resolve("HEAD"))
        try await serve.logged("applied a revision")
        #expect(try await serve.get("/readyz").status == 200)
        #expect(try await serve.terminate() == 0)
    }
}
