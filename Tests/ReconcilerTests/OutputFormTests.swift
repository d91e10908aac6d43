import Git
import TestSupport
import Testing
import Values

@Suite("Forms for pull requests")
struct OutputFormTests {
    /// A base, and a head that deletes a trigger and edits an agent.
    private func desk() async throws -> Fleet {
        let desk = try Fleet(try Examples.files("research-desk"))
        try desk.edit("agents/market-brief.yaml", "maxSteps: 6", "maxSteps: 7")
        try desk.commit(["triggers/tokyo-summary.yaml": nil])
        return desk
    }

    @Test("A diff is one comment, with its marker first and its directory in it")
    func isComment() async throws {
        let desk = try await desk()
        let result = try await desk.writ("diff", "HEAD~2..HEAD", "-o", "markdown")
        #expect(result.status == 0, "\(result)")
        #expect(result.stdout.hasPrefix("<!-- writ-plan -->\n### Writ: 1 to update, 1 to delete\n"), "\(result)")
        #expect(result.stdout.contains("**Deletes 1 resource:** `Trigger/tokyo-summary`"), "\(result)")
        #expect(result.stdout.contains("+ spec.limits.maxSteps: 7"), "\(result)")
        #expect(result.stderr.isEmpty, "\(result)")
        let below = try await desk.writ("diff", "HEAD~2..HEAD", "--path", "triggers", "-o", "markdown")
        #expect(below.stdout.hasPrefix("<!-- writ-plan triggers -->\n"), "\(below)")
    }

    @Test("In GitHub Actions a plan is annotations, a folded log and a job summary beside what is there")
    func isJobSummary() async throws {
        var desk = try await desk()
        let directory = try TemporaryDirectory()
        try directory.write("summary.md", "Before\n")
        desk.environment["GITHUB_STEP_SUMMARY"] = directory.path("summary.md")
        let planned = try await desk.writ("plan", "-o", "github", "--detailed-exitcode")
        #expect(planned.status == 2, "\(planned)")
        #expect(planned.stdout.hasPrefix("::group::Plan\n"), "\(planned)")
        #expect(planned.stdout.contains("\n::notice title=writ::Plan: 26 to create, "), "\(planned)")
        #expect(planned.stderr.isEmpty, "\(planned)")
        #expect(try directory.read("summary.md").hasPrefix("Before\n\n<!-- writ-plan -->\n### Writ: 26 to create, "))

        // The form is asked for, never guessed; a full summary would be dropped as a whole.
        let text = try await desk.writ("plan")
        #expect(!text.stdout.contains("::"), "\(text)")
        try directory.write("summary.md", String(repeating: "x", count: 1_000_000))
        let full = try await desk.writ("plan", "-o", "github")
        #expect(full.stdout.contains("::notice title=writ::the job summary is not written: it is full"), "\(full)")
        #expect(try directory.read("summary.md").utf8.count == 1_000_000)
    }

    @Test("A comment that is cut names the command that prints all, with what it was given")
    func namesItsCommand() async throws {
        func users(_ role: String) -> [String: String] {
            Dictionary(
                uniqueKeysWithValues: (0..<15).map { file in
                    let users = (0..<100).map { number in
                        "apiVersion: writ/v1\nkind: User\nmetadata: {name: u-\(file)-\(number)}\n"
                            + "spec: {role: \(role), displayName: \(String(repeating: "x", count: 80))}\n"
                    }
                    return ("the fleet/\(file).yaml", users.joined(separator: "---\n"))
                })
        }
        let fleet = try Fleet(["the fleet/0.yaml": try #require(users("viewer")["the fleet/0.yaml"])])
        let first = try fleet.repository.repository.resolve("HEAD").shortText
        let next = try fleet.commit(users("viewer").mapValues(Optional.some)).shortText
        let place = ["--path", "the fleet"]
        let state = fleet.repository.directory.path(".git/other.db")
        let planned = try await fleet.writ(["plan", "-o", "markdown", "--state", state] + place)
        #expect(
            planned.stdout.contains(
                "`writ plan --rev \(next) --state \(state) --path 'the fleet'` prints the whole plan."),
            "\(planned.stdout.suffix(400))")
        let diff = try await fleet.writ(["diff", "HEAD^..HEAD", "-o", "markdown"] + place)
        #expect(diff.stdout.contains("`writ diff \(first)..\(next) --path 'the fleet'` prints the whole plan."))
        try fleet.commit(users("king").mapValues(Optional.some))
        let validated = try await fleet.writ(["validate", ".", "--rev", "HEAD", "-o", "markdown"] + place)
        #expect(
            validated.stdout.contains("`writ validate . --rev HEAD --path 'the fleet'` prints all of them."),
            "\(validated.stdout.suffix(400))")
    }

    @Test("A name that somebody gave themselves is no command to the log, and no control of a terminal")
    func hostileActor() async throws {
        var desk = try Fleet(try Examples.files("quickstart"))
        _ = try await desk.json("apply")
        try desk.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await desk.json("apply")
        desk.environment["WRIT_ACTOR"] = "ada\n::error::injected\u{1b}[31m"
        #expect(try await desk.writ("undo", "2").status == 0)
        for arguments in [["plan", "-o", "github"], ["apply", "-o", "github"], ["plan", "-o", "json"], ["apply"]] {
            let result = try await desk.writ(arguments)
            for output in [result.stdout, result.stderr] {
                #expect(!output.contains("\n::error::injected") && !output.contains("\u{1b}"), "\(result)")
            }
            #expect(result.stderr.contains("ada\\u{a}::error::injected"), "\(result)")
        }
    }

    @Test(
        "What a message repeats of arguments and variables is one line",
        arguments: [
            ["apply", "x\n::error::y"], ["plan", "--baseline", "x\n::error::y"], ["plan", "--at", "x\n::error::y"],
            ["plan", "--fail-on", "x\n::error::y"], ["plan", "-o", "x\n::error::y"],
            ["plan", "--out", "no/x\n::error::y"], ["undo", "--resource", "x\n::error::y"],
            ["next", "x\n::error::y"], ["plan", "--x\n::error::y"],
        ])
    func hostileArguments(_ arguments: [String]) async throws {
        let desk = try Fleet(try Examples.files("quickstart"))
        let result = try await desk.writ(arguments)
        #expect(result.status == 1, "\(result)")
        #expect(!result.stderr.contains("\n::error::") && !result.stdout.contains("\n::error::"), "\(result)")
    }

    @Test("So it is with variables", arguments: ["WRIT_OUTPUT", "WRIT_BASELINE", "WRIT_READ_MEMORY", "WRIT_QUIET"])
    func hostileVariables(_ name: String) async throws {
        var desk = try Fleet(try Examples.files("quickstart"))
        desk.environment[name] = "x\n::error::y"
        let result = try await desk.writ("plan")
        #expect(result.status == 1 && !result.stderr.contains("\n::error::"), "\(result)")
    }

    @Test("What is wrong with a commit is said in each form, with exit status 1")
    func isInvalid() async throws {
        let desk = try await desk()
        try desk.commit(["bad.yaml": "spec: [\n"])
        for command in [["validate"], ["plan"], ["diff", "HEAD^..HEAD"]] {
            let annotations = try await desk.writ(command + ["-o", "github"])
            #expect(annotations.status == 1, "\(annotations)")
            #expect(annotations.stdout.contains("::error file=bad.yaml,line=2,col=1,title=yaml-syntax::"))
            let comment = try await desk.writ(command + ["-o", "markdown"])
            #expect(comment.status == 1, "\(comment)")
            #expect(comment.stdout.hasPrefix("<!-- writ-\(command == ["validate"] ? "validate" : "plan") -->\n### "))
            #expect(comment.stdout.contains("- **error** `bad.yaml:2:1`"), "\(comment)")
            let sarif = try await desk.writ(command + ["-o", "sarif"])
            #expect(sarif.status == 1, "\(sarif)")
            let first = try sarif.json.value(atPath: "runs.0.results.0")
            #expect(first?["ruleId"] == "yaml-syntax", "\(sarif)")
            for result in [annotations, comment, sarif] { #expect(result.stderr.isEmpty, "\(result)") }
        }
    }

    @Test("A commit that cannot be read at all takes the place of the comment on the one before")
    func isUnreadable() async throws {
        let desk = try await desk()
        for command in [["validate", "--rev", "HEAD"], ["plan"], ["diff", "HEAD^..HEAD"]] {
            let comment = try await desk.writ(command + ["-o", "markdown", "--path", "./nowhere/"])
            #expect(comment.status == 1, "\(comment)")
            let word = command.first == "validate" ? "validate" : "plan"
            #expect(comment.stdout.hasPrefix("<!-- writ-\(word) nowhere -->\n### Writ: failed\n"), "\(comment)")
            #expect(comment.stderr.hasPrefix("writ: error: "), "\(comment)")
        }
    }

    @Test("What cannot be read at all is an object for who reads objects, with no place made up")
    func isUnreadableByMachine() async throws {
        let desk = try await desk()
        for command in [["validate", "--rev", "nowhere"], ["plan", "--path", "nowhere"], ["diff", "nowhere..HEAD"]] {
            let result = try await desk.writ(command + ["-o", "json"])
            #expect(result.status == 1, "\(result)")
            let object = try result.json
            let schema = command.first == "validate" ? "validate" : "plan"
            #expect(try MachineFormat.violations(of: object, schema).isEmpty, "\(result)")
            let problem = object["diagnostics"]?[0]
            #expect(problem?["severity"] == "error" && problem?["code"] == "unreadable", "\(result)")
            #expect(problem?["message"]?.string?.contains("nowhere") == true, "\(result)")
            #expect(problem?["path"] == nil)
            #expect(result.stderr.hasPrefix("writ: error: "), "\(result)")
            let sarif = try await desk.writ(command + ["-o", "sarif"])
            #expect(sarif.status == 1, "\(sarif)")
            let run = try sarif.json["runs"]?[0]
            #expect(run?["results"] == [])
            #expect(run?["invocations"]?[0]?["executionSuccessful"] == false)
            let note = run?["invocations"]?[0]?["toolExecutionNotifications"]?[0]
            #expect(note?["level"] == "error" && note?["descriptor"]?["id"] == "unreadable", "\(sarif)")
        }
        // A plan that was printed stays the only object.
        let unsaved = try await desk.writ("plan", "-o", "json", "--out", "/nowhere/plan.json")
        #expect(unsaved.status == 1)
        #expect(try unsaved.json["digest"] != nil, "\(unsaved)")
    }

    @Test(
        "What `apply` prints in GitHub Actions is no command of a repository, and what it did is a notice (fault C71)")
    func isApplied() async throws {
        func prompt(_ text: String) -> [String: String] {
            [
                "a.yaml": "apiVersion: writ/v1\nkind: Prompt\nmetadata: {name: a}\nspec: {template: {file: a.md}}\n",
                "a.md": text,
            ]
        }
        let fleet = try Fleet(prompt("One\nTwo\n"))
        _ = try await fleet.json("apply")
        try fleet.commit(prompt("::add-mask::x\n##[group]x\nTwo\n").mapValues(Optional.some))
        let applied = try await fleet.writ("apply", "-o", "github")
        #expect(applied.status == 0, "\(applied)")
        let commands = applied.stdout.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
            .filter { $0.hasPrefix("::") }
        #expect(commands.prefix(2) == ["::group::Plan", "::endgroup::"], "\(applied)")
        #expect(commands.dropFirst(2).allSatisfy { $0.hasPrefix("::notice title=writ::") } && commands.count == 4)
        #expect(commands.last?.hasPrefix("::notice title=writ::Applied commit ") == true, "\(applied)")
        #expect(!applied.stdout.contains("##["))
        let same = try await fleet.writ("apply", "-o", "github")
        #expect(same.stdout.contains("::notice title=writ::No changes: revision 2 is what commit "), "\(same)")
        try fleet.commit(["bad.yaml": "spec: [\n"])
        let invalid = try await fleet.writ("apply", "-o", "github")
        #expect(invalid.status == 1 && invalid.stdout.hasPrefix("::error file=bad.yaml,line=2"), "\(invalid)")
        let missing = try await fleet.writ("apply", "--rev", "nowhere", "-o", "github")
        #expect(missing.status == 1 && missing.stdout.hasPrefix("::error title=writ::"), "\(missing)")
    }

    @Test("Other commands take text and JSON, and stay with text where the environment of a job says more")
    func isElsewhere() async throws {
        var desk = try await desk()
        let refused = try await desk.writ("apply", "-o", "markdown")
        #expect(refused.status == 1, "\(refused)")
        #expect(!desk.repository.directory.exists(".writ"))
        desk.environment["WRIT_OUTPUT"] = "github"
        let applied = try await desk.writ("apply")
        #expect(applied.status == 0, "\(applied)")
        #expect(applied.stdout.contains("as revision 1"), "\(applied)")
        #expect(try await desk.writ("plan").stdout.hasPrefix("::group::Plan\n"))
        desk.environment["WRIT_OUTPUT"] = "xml"
        let unknown = try await desk.writ("status")
        #expect(unknown.status == 1, "\(unknown)")
        #expect(unknown.stderr.contains("text, json, markdown, github, sarif"), "\(unknown)")
    }
}
