import Foundation
import Git
import TestSupport
import Testing
import Values

@Suite("Saved plans")
struct SavedPlanTests {
    @Test("A saved plan is applied as it was shown")
    func isApplied() async throws {
        let desk = try Fleet(try Examples.files("quickstart"))
        let file = desk.repository.directory.path(".writ-plan.json")
        let planned = try await desk.writ("plan", "--out", file)
        #expect(planned.status == 0, "\(planned)")
        // The branch goes on; the plan is of its own commit.
        try desk.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        let applied = try await desk.json("apply", file)
        #expect(applied["revision"]?.int == 1)
        let plan = try await desk.json("plan")
        #expect(plan.value(atPath: "summary.update")?.int == 1)
    }

    @Test("A saved plan that would do something else by now is refused")
    func isStale() async throws {
        let desk = try Fleet(try Examples.files("quickstart"))
        let file = desk.repository.directory.path(".writ-plan.json")
        _ = try await desk.json("plan", "--out", file)
        try desk.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        _ = try await desk.json("apply")
        let refused = try await desk.writ("apply", file)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("out of date"), "\(refused)")
        #expect(try await desk.json("status").value(atPath: "revision.number")?.int == 1)
    }

    @Test("A saved plan whose commit is in force says so, and changes nothing")
    func isAppliedTwice() async throws {
        let desk = try Fleet(try Examples.files("quickstart"))
        let file = desk.repository.directory.path(".writ-plan.json")
        _ = try await desk.json("plan", "--out", file)
        _ = try await desk.json("apply", file)
        let before = try desk.stateBytes()
        let again = try await desk.writ("apply", file)
        #expect(again.status == 0, "\(again)")
        #expect(again.stdout.contains("already applied as revision 1"), "\(again)")
        let json = try await desk.json("apply", file)
        #expect(json["applied"]?.bool == false)
        #expect(json["revision"]?.int == 1)
        #expect(try desk.stateBytes() == before)
    }

    @Test("A plan that `apply` would refuse says so")
    func isNoDescendant() async throws {
        let desk = try Fleet(try Examples.files("quickstart"))
        let first = try desk.repository.repository.resolve("HEAD")
        try desk.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        _ = try await desk.json("apply")
        let planned = try await desk.writ("plan", "--rev", first.text)
        #expect(planned.status == 0, "\(planned)")
        #expect(planned.stdout.contains("does not descend from the applied commit"), "\(planned)")
        let applied = try await desk.writ("apply", "--rev", first.text, "--allow-rewind")
        #expect(applied.status == 0, "\(applied)")
        // The commit is not the tip of any branch.
        let revision = try #require(try await desk.json("status")["revision"])
        #expect(revision["commit"]?.string == first.text)
        #expect(revision["branch"] == nil)
    }

    @Test("A saved plan knows the directory that it was made of, and no other one is taken for it")
    func knowsItsDirectory() async throws {
        func user(_ role: String) -> String {
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: u}\nspec: {role: \(role)}\n"
        }
        var fleet = try Fleet(["eu/u.yaml": user("viewer"), "us/u.yaml": user("viewer")])
        _ = try await fleet.json("apply", "--path", "eu")
        try fleet.commit(["eu/u.yaml": user("admin")])
        let file = fleet.repository.directory.path(".writ-plan.json")
        let planned = try await fleet.json("plan", "--path", "eu", "--out", file)
        #expect(planned["directory"] == "eu")
        #expect(try MachineFormat.violations(of: planned, "plan").isEmpty)
        for other in ["us", "."] {
            let refused = try await fleet.writ("apply", file, "--path", other)
            #expect(
                refused.status == 1
                    && refused.stderr.contains("is of the repository's manifests below `eu`, and --path"))
        }
        fleet.environment["WRIT_PATH"] = "us"
        #expect(try await fleet.writ("apply", file).stderr.contains("says `us`: leave that out"))
        #expect(try await fleet.writ("status", "--path", "eu").stdout.contains("rejected") == false)
        fleet.environment["WRIT_PATH"] = nil
        let applied = try await fleet.json("apply", file)
        #expect(applied["revision"]?.int == 2, "\(applied)")
        #expect(try await fleet.json("apply", file)["applied"] == false)
    }

    @Test("A plan that cannot be saved leaves the one before as it was, and a link to it stays one")
    func isReplacedAsAWhole() async throws {
        let fleet = try Fleet(try Examples.files("research-desk"))
        let link = fleet.repository.directory.path("last.plan")
        try fleet.repository.directory.write("before", "{}")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path("before", fleet))
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "before")
        // 8 blocks of 512 bytes are less than the plan needs.
        let command = #"trap '' XFSZ; ulimit -f 8; exec "$0" plan --out last.plan > /dev/null"#
        let cut = try ChildProcess(
            "/bin/sh",
            ["-c", command, try #require(WritBinary.path)],
            environment: ["PATH": "/usr/bin:/bin", "HOME": fleet.repository.path], directory: fleet.repository.path)
        #expect(try await cut.wait() == 1, "\(cut.stderr)")
        #expect(cut.stderr.contains("cannot write the plan to `last.plan`: File too large"), "\(cut.stderr)")
        #expect(try fleet.read("before") == "{}")
        #expect(try await fleet.writ("plan", "--out", "last.plan").status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "before")
        let mode = try FileManager.default.attributesOfItem(atPath: path("before", fleet))[.posixPermissions]
        #expect(mode as? Int == 0o640)
        #expect(try await fleet.json("apply", "last.plan")["applied"] == true)
        let left = try FileManager.default.contentsOfDirectory(atPath: fleet.repository.path)
        #expect(!left.contains { $0.contains(".writ-") }, "\(left)")
        // A pipe is written to as it is.
        #expect(try await fleet.writ("plan", "--out", "/dev/null").status == 0)
    }

    private func path(_ name: String, _ fleet: Fleet) -> String { fleet.repository.directory.path(name) }

    @Test("What is no plan is refused", arguments: ["", "{}", "{\"formatVersion\": \"9\"}", "not JSON"])
    func isNoPlan(_ text: String) async throws {
        let desk = try Fleet(try Examples.files("quickstart"))
        try desk.repository.directory.write("plan.json", text)
        let refused = try await desk.writ("apply", "plan.json")
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("plan.json"), "\(refused)")
        #expect(!desk.repository.directory.exists(".writ"))
    }
}
