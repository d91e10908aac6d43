import HTTPTestSupport
import TestSupport
import Testing
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("The command line")
struct CommandLineTests {
    @Test("A result that cannot be written is an error, not half a result")
    func fullOutput() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        for arguments in ["plan -o json", "export", "schema", "validate -o json"] {
            let writ = try #require(WritBinary.path)
            let process = try ChildProcess(
                "/bin/sh", ["-c", "exec \(writ) \(arguments) > /dev/full"], environment: ["PATH": "/usr/bin:/bin"],
                directory: fleet.repository.path)
            #expect(try await process.wait() == 1, "\(arguments)")
            #expect(process.stderr.contains("cannot be written to standard output: No space left"), "\(arguments)")
        }
        // What is done is done, and said where it can be.
        let writ = try #require(WritBinary.path)
        let process = try ChildProcess(
            "/bin/sh", ["-c", "exec \(writ) apply > /dev/full"], environment: ["PATH": "/usr/bin:/bin"],
            directory: fleet.repository.path)
        #expect(try await process.wait() == 1)
        #expect(process.stderr.contains("No space left on device; commit "), "\(process.stderr)")
        #expect(process.stderr.contains(" is applied, as revision 2"), "\(process.stderr)")
    }

    @Test(
        "What it does not know is an error that exits with 1",
        arguments: [
            ["aply"], ["plan", "--frobnicate"], ["plan", "--output", "xml"], ["apply", "--at", "now"],
            ["serve", "--interval", "soon"], ["serve", "--listen", "here"], ["serve", "--max-runs", "0"],
            ["serve", "--max-queue", "0"], ["next", "99 * * * *"],
            ["get", "wizards"], ["plan", "--at", "tomorrow"], ["runs", "--limit", "0"], ["run", "nobody"],
        ])
    func isUnknown(_ arguments: [String]) async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let result = try await fleet.writ(arguments)
        #expect(result.status == 1, "\(result)")
        #expect(result.stderr.hasPrefix("writ: error: "), "\(result)")
        #expect(result.stdout.isEmpty, "\(result)")
    }

    @Test(
        "What cannot be read is named, and why",
        arguments: [
            (["apply", "none.json"], "the plan `none.json` cannot be read: No such file"),
            (["apply", "."], "the plan `.` is a directory: make one with `writ plan --out FILE`"),
            (["apply", "/dev/zero"], "the plan `/dev/zero` is no regular file"),
            (["plan", "--out", ""], "--out is empty"),
            (["plan", "--repo", ""], "the path of the repository is empty"),
            (["validate", ""], "there is no directory ``"), (["plan", "--at", ""], "--at `` is not an instant"),
        ])
    func isNamed(_ arguments: [String], _ said: String) async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let result = try await fleet.writ(arguments)
        #expect(result.status == 1 && result.stderr.contains(said), "\(result)")
    }

    @Test("A duration that cannot be read is answered with how to write one")
    func isNoDuration() async throws {
        let directory = try TemporaryDirectory()
        let result = try await WritBinary.run(["serve", "--interval", "soon"], in: directory.path)
        #expect(result.status == 1, "\(result)")
        #expect(result.stderr.contains("write it as 30s"), "\(result)")
    }

    @Test(
        "What is nearly right is told what is wrong about it",
        arguments: [
            (["runs", "--state", "faild"], "`faild` is no state of a run: did you mean `failed`?"),
            (["runs", "--status", "queud"], "did you mean `queued`?"),
            (["runs", "--trigger", "every-minut"], "did you mean every-minute?"),
            (["runs", "--agent", "greter"], "did you mean greeter?"),
            (["serve", "--interval", "0s"], "it must be more than zero"),
            (["serve", "--grace", "0s"], "it must be more than zero"),
            (["serve", "--secrets-dir", "/nowhere/at/all"], "--secrets-dir /nowhere/at/all is no directory"),
        ])
    func isNearlyRight(_ arguments: [String], _ words: String) async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let result = try await fleet.writ(arguments)
        #expect(result.status == 1, "\(result)")
        #expect(result.stderr.contains(words), "\(result)")
        // What is known and did nothing yet is no mistake; a file is meant where one is.
        #expect(try await fleet.writ("runs", "--trigger", "every-minute").status == 0)
        #expect(try await fleet.writ("runs", "--state", ".writ/state.db").status == 0)
    }

    @Test("A switch in the environment takes words for yes and no, and no others")
    func switches() async throws {
        var fleet = try Fleet(try Examples.files("quickstart"))
        for name in ["WRIT_TRUST_OWNER", "WRIT_QUIET", "WRIT_NO_COLOR"] {
            fleet.environment = [name: "maybe"]
            let refused = try await fleet.writ("plan")
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.stderr.contains("\(name) is `maybe`, which says neither yes nor no: write 1, true, "))
        }
        fleet.environment = ["WRIT_QUIET": "Off"]
        #expect(try await fleet.writ("validate").stderr.contains("are valid"))
        fleet.environment = ["WRIT_QUIET": "y"]
        #expect(try await fleet.writ("validate").stderr == "")
        // Only root can give a directory away.
        guard geteuid() == 0, chown(fleet.repository.path, 4_242, 4_242) == 0 else { return }
        for no in ["off", "N", "0", ""] {
            fleet.environment = ["WRIT_TRUST_OWNER": no]
            let refused = try await fleet.writ("plan")
            #expect(refused.status == 1 && refused.stderr.contains("uid 4242"), "\(no): \(refused)")
        }
        fleet.environment = ["WRIT_TRUST_OWNER": "on"]
        #expect(try await fleet.writ("plan").status == 0)
    }

    @Test("Commands that print something take --quiet and --no-color")
    func screen() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        for command in [["baseline"], ["schema", "agent"], ["status"], ["export"], ["next", "* * * * *"]] {
            let result = try await fleet.writ(command + ["--quiet", "--no-color"])
            #expect(result.status == 0 && result.stderr == "", "\(result)")
        }
    }

    @Test("A command that is not there is told with what is near")
    func unknownCommand() async throws {
        let directory = try TemporaryDirectory()
        for (word, said) in [
            ("plna", "there is no command `plna`: did you mean `writ plan`?"),
            ("frobnicate", "there is no command `frobnicate`: `writ --help` lists them all"),
        ] {
            let result = try await WritBinary.run([word, "--repo", "."], in: directory.path)
            #expect(result.status == 1 && result.stderr == "writ: error: \(said)\n", "\(result)")
        }
    }

    @Test("Help and version exit with 0")
    func isHelpful() async throws {
        let directory = try TemporaryDirectory()
        for arguments in [["--help"], ["plan", "--help"], ["--version"]] {
            let result = try await WritBinary.run(arguments, in: directory.path)
            #expect(result.status == 0, "\(result)")
            #expect(!result.stdout.isEmpty, "\(result)")
        }
    }

    @Test("`serve` refuses an address that others can reach without a token")
    func listensForOthers() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let result = try await fleet.writ("serve", "--listen", "0.0.0.0:0")
        #expect(result.status == 1, "\(result)")
        #expect(result.stderr.contains("WRIT_API_TOKEN"), "\(result)")
    }

    @Test("`serve` says that its port is in use, and ends")
    func portIsInUse() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { other in
            let result = try await fleet.writ("serve", "--listen", "127.0.0.1:\(other.port)")
            #expect(result.status == 1, "\(result)")
            #expect(result.stderr.contains("127.0.0.1:\(other.port) is in use"), "\(result)")
        }
        // A start that failed applied nothing and ran nothing.
        #expect(try await fleet.json("status").value(atPath: "revision.number")?.int == 1)
        #expect(try await fleet.json("runs")["items"] == [])
    }

    @Test("`serve` takes as many runs at a time as it is told")
    func maxRuns() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve("--max-runs", "3")
        #expect(try await serve.get("/metrics").text.contains("\nwrit_run_limit 3\n"))
        #expect(try await serve.terminate() == 0)
    }

    @Test("`next` prints when an expression fires")
    func firesNext() async throws {
        let directory = try TemporaryDirectory()
        let arguments = [
            "next", "30 8 * * mon-fri", "--time-zone", "America/New_York", "--after", "2026-03-06T12:00:00Z", "--count",
            "3", "-o", "json",
        ]
        let result = try await WritBinary.run(arguments, in: directory.path)
        #expect(result.status == 0, "\(result)")
        // Clocks go forward on Sunday, 8 March 2026.
        #expect(
            try result.json["times"] == [
                "2026-03-06T08:30:00-05:00", "2026-03-09T08:30:00-04:00", "2026-03-10T08:30:00-04:00",
            ])
    }

    @Test("What `init` writes is valid, is applied, and runs")
    func beginsWithInit() async throws {
        let directory = try TemporaryDirectory()
        let made = try await WritBinary.run(["init", "fleet"], in: directory.path)
        #expect(made.status == 0, "\(made)")
        let again = try await WritBinary.run(["init", "fleet"], in: directory.path)
        #expect(again.status == 1, "\(again)")
        #expect(again.stderr.contains("nothing was written"), "\(again)")
        for command in [["validate"], ["plan"], ["apply"]] {
            let result = try await WritBinary.run(command, in: directory.path("fleet"))
            #expect(result.status == 0, "\(result)")
        }
        let run = try await WritBinary.run(["run", "greeter", "--input", "Hello"], in: directory.path("fleet"))
        #expect(run.status == 0, "\(run)")
        #expect(run.stdout == "Good morning! (recorded answer)\n")
        #expect(run.stderr.contains("model replay"), "\(run)")
    }
}
