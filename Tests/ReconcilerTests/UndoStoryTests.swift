import Spec
import State
import TestSupport
import Testing
import Values

@Suite("Taking back what was applied")
struct UndoStoryTests {
    private static let trigger = """
        apiVersion: writ/v1
        kind: Trigger
        metadata: {name: morning}
        spec:
          agent: greeter
          schedule: {cron: '0 9 * * *', timeZone: Europe/Berlin}

        """

    private func fleet() throws -> Fleet {
        var files = try Examples.files("quickstart")
        for path in files.keys where path.hasPrefix("triggers/") { files[path] = nil }
        files["triggers/morning.yaml"] = Self.trigger
        return try Fleet(files)
    }

    private func cursor(_ fleet: Fleet) throws -> Instant? {
        try #require(try StateReader.open(at: fleet.statePath)).scheduleCursors()["morning"]?.instant
    }

    @Test("Settings that came with a revision are said to stay")
    func settings() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/morning.yaml", "0 9", "0 10")
        let said = try fleet.read("writ.yaml")
        try fleet.commit(["writ.yaml": said + "brake: {deletes: 1}\n"])
        _ = try await fleet.json("apply")
        let before = try await fleet.writ("undo", "2", "--dry-run")
        let line =
            "writ.yaml:1:1: warning: revision 2 also changed brake.deletes in writ.yaml, which `undo` does not take back"
        #expect(before.stdout.contains(line), "\(before)")
        #expect(try await !fleet.writ("undo", "1", "--dry-run").stdout.contains("kept-settings"))
        // Of a revision that is not the last any more, the repository tells it.
        try fleet.commit(["README.md": "More\n"])
        _ = try await fleet.json("apply")
        let undone = try await fleet.json("undo", "2")
        #expect(try MachineFormat.violations(of: undone, "plan").isEmpty)
        let warning = undone["warnings"]?.array?.first
        #expect(warning?["code"] == "kept-settings", "\(undone)")
        #expect(
            warning?["message"]?.string?.hasPrefix("revision 2 came with another writ.yaml than the one before") == true
        )
        #expect(try #require(try StateReader.open(at: fleet.statePath)).repositorySettings()?.brake?.deletes != nil)
        #expect(try await !fleet.writ("undo", "3", "--dry-run").stdout.contains("kept-settings"))
    }

    @Test("Settings that stay are told where they stand by now, and not at all where they only moved")
    func settingsElsewhere() async throws {
        func user(_ role: String) -> String {
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: u}\nspec: {role: \(role)}\n"
        }
        let fleet = try Fleet(["old/u.yaml": user("viewer"), "old/writ.yaml": "brake: {deletes: 2}\n"])
        _ = try await fleet.json("apply", "--path", "old")
        try fleet.commit(["old/u.yaml": user("developer"), "old/writ.yaml": "brake: {deletes: 1}\n"])
        _ = try await fleet.json("apply", "--path", "old")
        try fleet.commit([
            "old/u.yaml": nil, "old/writ.yaml": nil, "new/u.yaml": user("admin"),
            "new/writ.yaml": "brake: {deletes: 1}\n",
        ])
        let moved = try await fleet.json("apply", "--path", "new", "--allow-path-change")
        #expect(moved["applied"] == true)
        let last = try await fleet.json("undo", "3", "--path", "new")
        #expect(last["warnings"] == [], "\(last)")
        let undone = try await fleet.json("undo", "2", "--path", "new", "--dry-run")
        let warning = undone["warnings"]?.array?.first
        #expect(warning?["code"] == "kept-settings", "\(undone)")
        #expect(warning?["path"] == "new/writ.yaml", "\(undone)")
        #expect(warning?["fix"]?.string?.contains("change new/writ.yaml in the repository") == true, "\(undone)")
    }

    @Test("A revision is shown, undone, and not applied again before the branch moves or somebody says so")
    func revision() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/morning.yaml", "0 9", "0 10")
        _ = try await fleet.json("apply")

        let shown = try await fleet.writ("undo", "2", "--dry-run")
        #expect(shown.status == 0, "\(shown)")
        #expect(shown.stdout.contains("Writ would undo revision 2"), "\(shown)")
        #expect(shown.stdout.contains(#"spec.schedule.cron = "0 10 * * *" -> "0 9 * * *""#), "\(shown)")
        #expect(try await fleet.json("status")["revision"]?["number"]?.int == 2)

        let undone = try await fleet.json("undo", "2")
        #expect(undone["applied"] == true)
        #expect(undone["revision"]?.int == 3)
        #expect(undone["undoes"] == ["revision": 2])
        let trigger = try await fleet.json("get", "trigger", "morning")
        #expect(trigger["items"]?[0]?.value(atPath: "spec.schedule.cron") == "0 9 * * *")
        #expect(try await fleet.json("status").value(atPath: "revision.undoes.revision")?.int == 2)
        #expect(try await fleet.writ("history").stdout.contains("ada, undoing revision 2"))

        let planned = try await fleet.writ("plan")
        #expect(planned.stdout.contains(#""0 9 * * *" -> "0 10 * * *""#), "\(planned)")
        #expect(planned.stdout.contains("It would not be applied: commit"), "\(planned)")
        #expect(planned.stdout.contains("Brings back what revision 3 took back (revision 2):\n  Trigger/morning\n"))
        #expect(try await fleet.json("plan")["redoes"]?["resources"] == [["kind": "Trigger", "name": "morning"]])
        let refused = try await fleet.writ("apply")
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("was in force when revision 3 undid revision 2 (ada, "), "\(refused)")
        #expect(try await fleet.json("apply", "--rev", "HEAD")["revision"]?.int == 4)
        #expect(try await fleet.json("apply")["applied"] == false)
    }

    @Test("What several undos took back is stale until a commit brings it back, which the plan tells of each")
    func several() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/morning.yaml", "0 9", "0 10")
        _ = try await fleet.json("apply")
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")
        _ = try await fleet.json("undo", "3")
        _ = try await fleet.json("undo", "2")
        func stale(_ kind: String, _ name: String) async throws -> String? {
            let conditions = try await fleet.json("get", kind, name)["items"]?[0]?["status"]?["conditions"]?.array ?? []
            return conditions.first { $0["type"] == "Stale" }?["reason"]?.string
        }
        #expect(try await stale("agent", "greeter") == "Undone")
        #expect(try await stale("trigger", "morning") == "Undone")
        // What came again is as the branch says it.
        _ = try await fleet.json("undo", "4")
        #expect(try await stale("agent", "greeter") == "UpToDate")
        #expect(try await stale("trigger", "morning") == "Undone")
        _ = try await fleet.json("undo", "6")
        try fleet.commit(["notes.txt": "The branch moves."])
        let planned = try await fleet.writ("plan")
        #expect(
            planned.stdout.contains("Brings back what revisions 5, 7 took back:\n  Agent/greeter\n  Trigger/morning\n"),
            "\(planned)")
        #expect(try await fleet.json("plan")["redoes"]?["revision"]?.int == 7)
        _ = try await fleet.json("apply")
        #expect(try await stale("agent", "greeter") == "UpToDate")
    }

    @Test("What is deleted is brought back by nobody, but for a deletion that was taken back")
    func deleted() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/morning.yaml", "name: morning", "name: dawn")
        _ = try await fleet.json("apply")
        _ = try await fleet.json("undo", "2")
        try fleet.commit(["triggers/morning.yaml": nil])
        let planned = try await fleet.json("plan")
        #expect(planned.value(atPath: "summary.delete")?.int == 1)
        #expect(planned["redoes"] == nil, "\(planned)")

        _ = try await fleet.json("apply", "--allow-deletes", "1")
        _ = try await fleet.json("undo", "4")
        #expect(try await fleet.json("plan")["redoes"]?["resources"] == [["kind": "Trigger", "name": "morning"]])
    }

    @Test("A saved plan that was undone needs a word too")
    func savedPlan() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/morning.yaml", "0 9", "0 10")
        let file = fleet.repository.directory.path("plan.json")
        _ = try await fleet.json("plan", "--out", file)
        _ = try await fleet.json("apply", file)
        _ = try await fleet.json("undo", "2")
        let refused = try await fleet.writ("apply", file)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("--allow-undone"), "\(refused)")
        #expect(try await fleet.json("apply", file, "--allow-undone")["revision"]?.int == 4)
    }

    @Test("What takes back what took back is what the branch says again")
    func again() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/morning.yaml", "0 9", "0 10")
        _ = try await fleet.json("apply")
        func stale() async throws -> JSON? {
            try await fleet.json("describe", "trigger/morning").value(atPath: "status.conditions")?.array?
                .first { $0["type"] == "Stale" }
        }
        let undone = try await fleet.writ("undo", "2")
        #expect(undone.stderr.contains("is not applied again until the branch moves"), "\(undone)")
        #expect(try await stale()?["reason"] == "Undone")
        let redone = try await fleet.writ("undo", "3")
        #expect(redone.stderr.contains("That is what commit"), "\(redone)")
        #expect(try await stale()?["reason"] == "UpToDate")
    }

    @Test("A deleted resource is listed until it is purged, and comes back with its place in time and its history")
    func resource() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        let before = try #require(try cursor(fleet))
        try fleet.commit(["triggers/morning.yaml": nil])
        // It is the only one of its kind.
        _ = try await fleet.json("apply", "--allow-deletes", "1")
        #expect(try cursor(fleet) == nil)
        let deleted = try await fleet.json("get", "--deleted")
        #expect(deleted["items"]?.array?.count == 1)
        #expect(deleted["items"]?[0]?.value(atPath: "metadata.name") == "morning")
        #expect(deleted["items"]?[0]?.value(atPath: "status.state") == "deleted")
        #expect(try await fleet.json("status").value(atPath: "deleted.count")?.int == 1)
        #expect(try await fleet.writ("status").stdout.contains("Deleted     1, the first of them kept until "))
        #expect(try await fleet.writ("get", "triggers", "--deleted").stdout.contains("Trigger/morning"))
        #expect(try await fleet.writ("get", "agents", "--deleted").stdout == "none\n")

        let undone = try await fleet.json("undo", "--resource", "trigger/morning")
        #expect(undone["revision"]?.int == 3)
        #expect(undone["undoes"] == ["revision": 2, "kind": "Trigger", "name": "morning"])
        #expect(try cursor(fleet) == before)
        #expect(try await fleet.json("get", "--deleted")["items"] == [])
        let history = try await fleet.json("history", "trigger/morning")
        #expect(history["items"]?.array?.compactMap { $0["action"]?.string } == ["create", "delete", "create"])
    }

    @Test("What later revisions changed is refused with the list, and so is what would leave names behind")
    func refused() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/morning.yaml", "0 9", "0 10")
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/morning.yaml", "0 10", "0 11")
        _ = try await fleet.json("apply")
        let changed = try await fleet.writ("undo", "2")
        #expect(changed.status == 1, "\(changed)")
        #expect(changed.stderr.contains("later revisions changed Trigger/morning (revision 3)"), "\(changed)")
        let unknown = try await fleet.writ("undo", "9")
        #expect(unknown.status == 1 && unknown.stderr.contains("there is no revision 9"), "\(unknown)")
        #expect(try await fleet.json("status")["revision"]?["number"]?.int == 3)
    }

    @Test("While it is served, undoing goes through the server, which leaves the commit alone until the branch moves")
    func served() async throws {
        let fleet = try fleet()
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        try fleet.edit("triggers/morning.yaml", "0 9", "0 10")
        try await serve.logged("applied a revision", count: 2)
        let undone = try await fleet.json("undo", "2")
        #expect(undone["revision"]?.int == 3)
        try await serve.logged("revision 3 undid revision 2")
        let look = try #require(try await fleet.json("status")["lastReconcile"])
        #expect(look["outcome"] == "unchanged")
        #expect(look["message"]?.string?.contains("is not applied again until the branch moves") == true)
        let gone = try await fleet.writ("undo", "--resource", "trigger/evening")
        #expect(gone.status == 1 && gone.stderr.contains("no change of Trigger/evening is recorded"), "\(gone)")

        try fleet.edit("triggers/morning.yaml", "0 10", "0 11")
        try await serve.logged("applied a revision", count: 3)
        let trigger = try await fleet.json("get", "trigger", "morning")
        #expect(trigger["items"]?[0]?.value(atPath: "spec.schedule.cron") == "0 11 * * *")
        #expect(!serve.log.contains { $0["message"] == "the branch brings back what was undone" })

        _ = try await fleet.json("undo", "4")
        try fleet.commit(["note.txt": "Something else.\n"])
        try await serve.logged("the branch brings back what was undone")
        #expect(try await serve.terminate() == 0)
    }

    @Test("Where nothing is pruned, what is no longer declared stays, from the commit after the one that says so")
    func kept() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.commit(["writ.yaml": "prune: false\n"])
        _ = try await fleet.json("apply")
        try fleet.commit(["triggers/morning.yaml": nil])
        let plan = try await fleet.writ("plan", "--detailed-exitcode")
        #expect(plan.status == 0, "\(plan)")
        #expect(plan.stdout.contains("Trigger/morning, which stood at triggers/morning.yaml:1:1"), "\(plan)")
        let applied = try await fleet.json("apply")
        #expect(applied["applied"] == false)
        #expect(applied["kept"]?[0]?["name"] == "morning")
        #expect(try await fleet.json("get", "triggers")["items"]?.array?.count == 1)
        try fleet.commit(["writ.yaml": "prune: {grace: 1ms}\n"])
        _ = try await fleet.json("apply")
        try fleet.commit(["note.txt": "Go on.\n"])
        #expect(try await fleet.json("apply", "--allow-deletes", "1")["summary"]?["delete"]?.int == 1)
        // The grace that was in force is over at the next apply.
        try fleet.commit(["note.txt": "Once more.\n"])
        _ = try await fleet.json("apply")
        #expect(try await fleet.json("get", "--deleted")["items"] == [])
    }
}
