import TestSupport
import Testing
import Values

/// Changes of `writ.yaml` are changes: everybody who reads a plan sees them.
@Suite("Changes of the settings")
struct SettingsChangeTests {
    private func user(_ name: String) -> String {
        "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {displayName: Somebody}\n"
    }

    @Test("What loosens is told field by field, as warnings, and by the exit status, in `diff` and `plan`")
    func loosened() async throws {
        let key = try TestSigner(1).publicKey
        let fleet = try Fleet([
            "ada.yaml": user("ada"), "writ.yaml": "verify: {keys: ['\(key)']}\nprune: {grace: 7d}\n",
        ])
        // Of what begins, nothing is loosened.
        let first = try await fleet.json("plan")
        #expect(first["settings"]?["fields"]?.array?.isEmpty == false && first["warnings"] == [], "\(first)")
        _ = try await fleet.json("apply")
        try fleet.commit([
            "writ.yaml": "brake: {deletes: 50}\nprune: {grace: 1h}\napply: perResource\ndrift: report\n"
        ])
        for command in [["diff", "HEAD^..HEAD"], ["plan"]] {
            let text = try await fleet.writ(command + ["--detailed-exitcode"])
            #expect(text.status == 2, "\(text)")
            #expect(text.stdout.contains("Settings (writ.yaml):\n"), "\(text)")
            #expect(text.stdout.contains("~ prune.grace   = \"7d\" -> \"1h\""), "\(text)")
            #expect(text.stdout.contains("~ brake.deletes = 5 -> 50"), "\(text)")
            #expect(text.stdout.contains("- verify.keys   = [\"ssh-ed25519 "), "\(text)")
            #expect(!text.stdout.contains("No changes:"), "\(text)")
            let json = try await fleet.json(command[0], command.count > 1 ? command[1] : "--full")
            #expect(try MachineFormat.violations(of: json, "plan").isEmpty)
            #expect(json["settings"]?["path"] == "writ.yaml")
            let grace = json["settings"]?["fields"]?.array?.first { $0["path"] == "/prune/grace" }
            #expect(grace?["before"] == "7d" && grace?["after"] == "1h", "\(json)")
            let risks = json["warnings"]?.array?.filter { $0["code"] == "risky-settings" } ?? []
            #expect(risks.allSatisfy { $0["path"] == "writ.yaml" })
            let places = risks.map { "\($0["line"]?.int ?? 0):\($0["column"]?.int ?? 0)" }
            // Of `verify`, which is gone, the file.
            #expect(places == ["1:1", "1:18", "2:16", "3:8", "4:8"], "\(json)")
            let markdown = try await fleet.writ(command + ["-o", "markdown"])
            #expect(markdown.stdout.contains("### Writ: 6 settings to change\n"), "\(markdown)")
            #expect(markdown.stdout.contains("later commits are applied whether or not somebody signed"), "\(markdown)")
            #expect(markdown.stdout.contains("- prune.grace: \"7d\"\n+ prune.grace: \"1h\"\n"), "\(markdown)")
            let github = try await fleet.writ(command + ["-o", "github"])
            let annotation = "::warning file=writ.yaml,line=1,col=1,title=risky-settings::`verify` is removed"
            #expect(github.stdout.contains(annotation), "\(github)")
            let sarif = try await fleet.writ(command + ["-o", "sarif"])
            #expect(sarif.stdout.contains("\"risky-settings\""), "\(sarif)")
        }
    }

    @Test("Of a setting that is removed, a risk stands at the mapping where it was")
    func removed() async throws {
        let fleet = try Fleet([
            "conf/ada.yaml": user("ada"), "conf/writ.yaml": "brake:\n  deletes: 1\n  percent: 7\nprune: false\n",
        ])
        _ = try await fleet.json("apply", "--path", "conf")
        try fleet.commit(["conf/writ.yaml": "# Looser\nprune: true\nbrake:\n  percent: 7\n"])
        for command in [["diff", "HEAD^..HEAD"], ["plan"], ["plan", "--full"]] {
            let plan = try await fleet.writ(command + ["-o", "json", "--path", "conf"]).json
            let risks = plan["warnings"]?.array?.filter { $0["code"] == "risky-settings" } ?? []
            let places = risks.map { "\($0["path"]?.string ?? ""):\($0["line"]?.int ?? 0):\($0["column"]?.int ?? 0)" }
            #expect(places == ["conf/writ.yaml:2:8", "conf/writ.yaml:4:3"], "\(plan)")
        }
    }

    @Test("They are taken over without a revision, and are no changes any more afterwards")
    func takenOver() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        _ = try await fleet.json("apply")
        try fleet.commit(["writ.yaml": "prune: {grace: 1h}\n"])
        let applied = try await fleet.writ("apply")
        #expect(applied.status == 0, "\(applied)")
        #expect(applied.stdout.contains("~ prune.grace = \"30d\" -> \"1h\""), "\(applied)")
        let said = "No changes of resources: revision 1 stays, with writ.yaml of commit "
        #expect(applied.stdout.contains(said), "\(applied)")
        let status = try await fleet.writ("status")
        #expect(status.stdout.contains("no changes of resources, 1 setting changed"), "\(status)")
        for arguments in [[], ["--full"]] {
            let plan = try await fleet.writ(["plan", "--detailed-exitcode"] + arguments)
            #expect(plan.status == 0, "\(plan)")
            #expect(plan.stdout.hasPrefix("No changes: "), "\(plan)")
        }
        #expect(try await fleet.writ("apply").stdout.hasPrefix("No changes: "))
    }

    @Test("A saved plan is held to the settings that it shows")
    func saved() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        _ = try await fleet.json("apply")
        try fleet.commit(["writ.yaml": "prune: {grace: 1h}\n", "bob.yaml": user("bob")])
        #expect(try await fleet.writ("plan", "--out", ".writ/plan.json").status == 0)
        let saved = try fleet.read(".writ/plan.json")
        try fleet.repository.directory.write(".writ/edited.json", saved.replacing("\"1h\"", with: "\"30d\""))
        let edited = try await fleet.writ("apply", ".writ/edited.json")
        #expect(edited.status == 1 && edited.stderr.contains("settings in writ.yaml"), "\(edited)")
        #expect(try await fleet.writ("apply", ".writ/plan.json").status == 0)
        let stdout = try await fleet.writ("plan", "--out", "-")
        #expect(stdout.status == 1 && stdout.stderr.contains("--out takes a file"), "\(stdout)")
        #expect(!fleet.repository.directory.exists("-"))
    }

    @Test("A range with an empty side is refused: the variable that it comes from is not set")
    func empty() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        for range in ["..HEAD", "HEAD..", "..", ""] {
            let result = try await fleet.writ("diff", range)
            #expect(result.status == 1 && result.stderr.contains("BASE..HEAD"), "\(result)")
        }
    }
}
