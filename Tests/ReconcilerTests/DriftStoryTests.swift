import GRDB
import TestSupport
import Testing
import Values

@Suite("What others change in the state")
struct DriftStoryTests {
    /// As somebody with `sqlite3` would; `serve` may be writing at that moment.
    private static func open(_ fleet: Fleet) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(30)
        return try DatabaseQueue(path: fleet.statePath, configuration: configuration)
    }

    private func alter(_ fleet: Fleet, _ agent: String = "greeter") throws {
        let queue = try Self.open(fleet)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    UPDATE manifest SET body = json_set(body, '$.spec.limits.maxSteps', 99)
                    WHERE json_extract(body, '$.metadata.name') = ? AND json_extract(body, '$.kind') = 'Agent'
                    """, arguments: [agent])
        }
    }

    private func remove(_ fleet: Fleet, _ kind: String, _ name: String) throws {
        let queue = try Self.open(fleet)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(
                sql: "UPDATE resource_version SET to_revision = 99 WHERE kind = ? AND name = ? AND to_revision IS NULL",
                arguments: [kind, name])
        }
    }

    private func maxSteps(_ fleet: Fleet) async throws -> Int? {
        let agent = try await fleet.json("get", "agent", "greeter")
        return agent["items"]?[0]?.value(atPath: "spec.limits.maxSteps")?.int
    }

    @Test("A hand in the state is shown by the next plan, and undone by the next apply (fault C67)")
    func restored() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let before = try await maxSteps(fleet)
        #expect(try await fleet.writ("plan", "--detailed-exitcode").status == 0)
        try alter(fleet)
        #expect(try await maxSteps(fleet) == 99)
        let plan = try await fleet.writ("plan", "--detailed-exitcode")
        #expect(plan.status == 2, "\(plan)")
        #expect(
            plan.stdout.contains("Agent/greeter, which stands at agents/greeter.yaml:1:1: spec.limits.maxSteps 99 -> "))
        #expect(try await fleet.json("plan")["drift"]?[0]?["outcome"] == "restored")
        #expect(try await fleet.writ("status").stdout.contains("Drift       Agent/greeter altered behind writ's back"))
        let applied = try await fleet.writ("apply")
        #expect(applied.status == 0 && applied.stdout.contains("Restored Agent/greeter"), "\(applied)")
        #expect(try await maxSteps(fleet) == before)
        #expect(try await fleet.json("apply")["drift"] == nil)
        #expect(try await fleet.json("status")["revision"]?["number"]?.int == 1)
    }

    @Test("The place of a schedule that somebody moved is told by the doctor, forward and back")
    func movedCursor() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        func schedules() async throws -> String {
            let checks = try await fleet.writ("doctor", "-o", "json").json["checks"]?.array ?? []
            let check = try #require(checks.first { $0["check"] == "schedules" })
            return "\(check["status"]?.string ?? "") \(check["message"]?.string ?? "")"
        }
        #expect(try await schedules() == "ok 1 schedule has come as far as was recorded")
        for (milliseconds, isTold) in [(-180_000, true), (0, false), (90_000, true)] {
            let queue = try Self.open(fleet)
            let before = try await queue.read { try Int64.fetchOne($0, sql: "SELECT instant FROM schedule_cursor") }
            try await queue.write { db in
                try db.execute(
                    sql: "UPDATE schedule_cursor SET instant = instant + ?", arguments: [milliseconds])
            }
            let found = try await schedules()
            #expect(found.contains("trigger every-minute has come to") == isTold, "\(found)")
            #expect(found.hasPrefix(isTold ? "problem" : "ok"), "\(found)")
            try await queue.write { db in
                try db.execute(sql: "UPDATE schedule_cursor SET instant = ?", arguments: [before])
            }
            try queue.close()
        }
    }

    @Test("A row that somebody deleted is told of as that, and comes back with the next apply (fault C67)")
    func removedRow() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let queue = try Self.open(fleet)
        try await queue.write { db in
            try db.execute(sql: "DELETE FROM resource_version WHERE name = 'every-minute'")
        }
        try queue.close()
        for arguments in [["plan"], ["plan", "--full"]] {
            let plan = try await fleet.writ(arguments)
            #expect(
                plan.stdout.contains("# recorded by revision 1, and removed from the state behind writ's back"),
                "\(plan)")
        }
        #expect(try await fleet.json("apply")["revision"]?.int == 2)
        #expect(try await fleet.writ("plan", "--detailed-exitcode").status == 0)
    }

    @Test("A brake that was loosened by hand is shown by the next plan and put back by the next apply")
    func settings() async throws {
        var files = try Examples.files("quickstart")
        files["writ.yaml"] = "brake: {deletes: 1}\n"
        let fleet = try Fleet(files)
        _ = try await fleet.json("apply")
        let queue = try Self.open(fleet)
        try await queue.write { try $0.execute(sql: "UPDATE repository_settings SET settings = '{}'") }
        try queue.close()
        let plan = try await fleet.writ("plan", "--detailed-exitcode")
        #expect(plan.status == 2, "\(plan)")
        #expect(
            plan.stdout.contains(
                "Settings/writ.yaml, which stands at writ.yaml: brake.deletes (default) -> 1; applying restores it"))
        #expect(try await fleet.json("status")["drift"]?[0]?["kind"] == "Settings")
        #expect(try await fleet.writ("doctor").stdout.contains("the settings of the repository"))
        let applied = try await fleet.writ("apply")
        #expect(applied.status == 0 && applied.stdout.contains("Restored Settings/writ.yaml"), "\(applied)")
        #expect(try await fleet.json("plan")["drift"] == nil)
        #expect(try await fleet.json("status")["drift"] == nil)
        let serve = try await fleet.serve("--interval", "1s")
        let again = try Self.open(fleet)
        try await again.write { try $0.execute(sql: "DELETE FROM repository_settings") }
        try again.close()
        try await serve.logged("restored what was altered behind writ's back")
        #expect(try await serve.terminate() == 0)
    }

    @Test("The copy by which altered settings are told is put back where somebody took it away")
    func settingsCopy() async throws {
        var files = try Examples.files("quickstart")
        files["writ.yaml"] = "brake: {deletes: 1}\n"
        let fleet = try Fleet(files)
        _ = try await fleet.json("apply")
        let queue = try Self.open(fleet)
        defer { try? queue.close() }
        try await queue.write { try $0.execute(sql: "DELETE FROM settings_copy") }
        let plan = try await fleet.writ("plan", "--detailed-exitcode")
        #expect(plan.status == 2, "\(plan)")
        #expect(plan.stdout.contains("Settings/writ.yaml, which stands at writ.yaml; applying restores it"), "\(plan)")
        #expect(try await fleet.writ("doctor").stdout.contains("the settings of the repository"))
        #expect(try await fleet.writ("apply").stdout.contains("Restored Settings/writ.yaml"))
        #expect(try await fleet.json("plan")["drift"] == nil)

        // With the settings altered too, nothing tells what they were: the strictest count, until a commit is applied.
        try await queue.write { db in
            try db.execute(sql: "DELETE FROM settings_copy; UPDATE repository_settings SET settings = '{}'")
        }
        let lost = try await fleet.writ("plan")
        #expect(lost.stdout.contains("nothing tells any more what they were"), "\(lost)")
        #expect(try await fleet.writ("apply").status == 0)
        #expect(try await fleet.json("plan")["drift"] == nil)
    }

    @Test("A brake and a protection that were loosened by hand hold until they are put back")
    func guards() async throws {
        func user(_ name: String, _ more: String = "") -> String {
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)\(more)}\nspec: {displayName: Of \(name)}\n"
        }
        var files = ["writ.yaml": "brake: {deletes: 1}\n", "p.yaml": user("p", ", protect: true")]
        for name in ["a", "b", "c", "d", "e"] { files["\(name).yaml"] = user(name) }
        let fleet = try Fleet(files)
        _ = try await fleet.json("apply")
        let queue = try Self.open(fleet)
        try await queue.write { db in
            try db.execute(sql: "UPDATE repository_settings SET settings = '{}'")
            try db.execute(
                sql: """
                    UPDATE manifest SET body = json_remove(body, '$.metadata.protect')
                    WHERE json_extract(body, '$.metadata.name') = 'p'
                    """)
        }
        try queue.close()
        try fleet.commit(["a.yaml": nil, "b.yaml": nil])
        let braked = try await fleet.writ("apply")
        #expect(braked.status == 1 && braked.stdout.contains("[brake]"), "\(braked)")
        try fleet.commit(["a.yaml": files["a.yaml"], "b.yaml": files["b.yaml"], "p.yaml": nil])
        let protected = try await fleet.writ("apply")
        #expect(protected.status == 1, "\(protected)")
        #expect(protected.stdout.contains("User/p was altered behind writ's back: it counts as protected"))
        let restored = try await fleet.writ("apply", "--rev", "HEAD~2")
        #expect(restored.status == 0 && restored.stdout.contains("Restored Settings/writ.yaml, User/p"), "\(restored)")
        #expect(try await fleet.writ("apply").stdout.contains("User/p is protected and cannot be deleted"))
    }

    @Test(
        "No hand in the state is a way around a protection (fault C67)",
        arguments: [
            "UPDATE resource_version SET digest = (SELECT digest FROM resource_version WHERE to_revision IS NOT NULL)"
                + " WHERE name = 'p' AND to_revision IS NULL",
            "DELETE FROM resource_version WHERE name = 'p'",
        ])
    func protected(statement: String) async throws {
        let user = "apiVersion: writ/v1\nkind: User\nmetadata: {name: p}\nspec: {displayName: P}\n"
        let fleet = try Fleet(["p.yaml": user, "q.yaml": user.replacing("name: p}", with: "name: q}")])
        _ = try await fleet.json("apply")
        try fleet.edit("p.yaml", "name: p", "name: p, protect: true")
        _ = try await fleet.json("apply")
        let queue = try Self.open(fleet)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(sql: statement)
        }
        try queue.close()
        try fleet.commit(["p.yaml": nil])
        let refused = try await fleet.writ("apply")
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stdout.contains("behind writ's back"), "\(refused)")
        #expect(try await fleet.writ("apply", "--rev", "HEAD~1").status == 0)
        #expect(try await fleet.json("get", "user", "p")["items"]?[0]?.value(atPath: "metadata.protect") == true)
        #expect(try await fleet.writ("apply").stdout.contains("User/p is protected and cannot be deleted"))
        #expect(try await fleet.json("status")["drift"] == nil)
    }

    @Test("What was altered is shown with that, and is no commit's doing")
    func shown() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        #expect(try await fleet.json("export", "before")["altered"] == nil)
        try alter(fleet)
        let exported = try await fleet.writ("export", "after")
        #expect(exported.status == 0)
        #expect(exported.stderr.contains("Agent/greeter was altered behind writ's back"), "\(exported)")
        #expect(try await fleet.json("export", "again")["altered"] == ["Agent/greeter"])
        #expect(try await fleet.writ("export").stderr.contains("Agent/greeter was altered behind writ's back"))
        let blamed = try await fleet.writ("blame", "agent/greeter")
        #expect(blamed.status == 1 && blamed.stderr.contains("no commit set what is recorded now"), "\(blamed)")
        let conditions =
            try await fleet.json("get", "agent", "greeter")["items"]?[0]?["status"]?["conditions"]?.array ?? []
        #expect(conditions.first { $0["type"] == "Stale" }?["reason"] == "Altered")
        #expect(try await fleet.writ("describe", "agent/greeter").stdout.contains("altered behind writ's back"))
        _ = try await fleet.writ("apply")
        #expect(try await fleet.writ("blame", "agent/greeter").status == 0)
    }

    @Test("What is served is put back where its text stands elsewhere since the last revision")
    func healedElsewhere() async throws {
        func agent(_ file: String) -> String {
            "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: greeter}\nspec:\n  model: {provider: p, name: m}\n"
                + "  systemPrompt: {file: \(file)}\n  limits: {maxSteps: 3}\n"
        }
        let provider = "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: p}\nspec: {type: ollama}\n"
        let fleet = try Fleet(["p.yaml": provider, "a.yaml": agent("a.md"), "a.md": "Be brief."])
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        try fleet.commit(["a.yaml": agent("b.md"), "a.md": nil, "b.md": "Be brief."])
        func file() async throws -> JSON? {
            try await fleet.json("get", "agent", "greeter")["items"]?[0]?.value(atPath: "spec.systemPrompt.file")
        }
        try await waitUntil("the commit that moves the text") { try await file() == "b.md" }
        try alter(fleet)
        try await serve.logged("restored what was altered behind writ's back")
        #expect(try await maxSteps(fleet) == 3)
        #expect(try await file() == "b.md")
        #expect(try await serve.terminate() == 0)
    }

    @Test("What is served is put back at the next look, whatever the branch says meanwhile")
    func healed() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        let before = try await maxSteps(fleet)
        try fleet.edit("agents/greeter.yaml", "systemPrompt:", "systemPromt:")
        try await serve.logged("rejected, the last good revision stays")
        try alter(fleet)
        try await serve.logged("restored what was altered behind writ's back")
        #expect(try await maxSteps(fleet) == before)
        #expect(try await fleet.json("status")["revision"]?["number"]?.int == 1)
        #expect(try await serve.terminate() == 0)
    }

    @Test("What was taken out of force by hand comes back")
    func takenOut() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        try remove(fleet, "Trigger", "every-minute")
        try await serve.logged("restored what was altered behind writ's back")
        #expect(try await fleet.json("get", "trigger", "every-minute")["items"]?.array?.count == 1)
        #expect(try await serve.terminate() == 0)
    }

    @Test("After an undo, what was taken out of force by hand is told and not forgotten")
    func takenOutAfterUndo() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")
        #expect(try await fleet.writ("undo", "2").status == 0)
        try remove(fleet, "Trigger", "every-minute")
        try alter(fleet)
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("taken in or out of force behind writ's back since an undo")
        #expect(try await maxSteps(fleet) == 99)
        try fleet.edit("agents/greeter.yaml", "maxSteps: 3", "maxSteps: 4")
        try await serve.logged("applied a revision")
        #expect(try await maxSteps(fleet) == 4)
        #expect(try await fleet.json("get", "trigger", "every-minute")["items"]?.array?.count == 1)
        #expect(try await serve.terminate() == 0)
    }

    @Test("With drift: report it is told once and left, until somebody applies")
    func reported() async throws {
        var files = try Examples.files("quickstart")
        files["writ.yaml"] = (files["writ.yaml"] ?? "") + "\ndrift: report\n"
        let fleet = try Fleet(files)
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        try alter(fleet)
        try await serve.logged("altered behind writ's back, and left (drift: report)")
        try fleet.edit("triggers/every-minute.yaml", "agent: greeter", "agent: greeter\n  priority: 3")
        try await serve.logged("applied a revision", count: 2)
        #expect(serve.log.count { $0["message"]?.string?.contains("and left (drift: report)") == true } == 1)
        #expect(try await maxSteps(fleet) == 99)
        #expect(try await fleet.json("status")["drift"]?[0]?["name"] == "greeter")
        #expect(try await serve.terminate() == 0)
        #expect(try await fleet.writ("apply").stdout.contains("Restored Agent/greeter"))
    }

    @Test("With drift: report what was taken out of force is told everywhere, and so is what was put in its place")
    func reportedRemoval() async throws {
        var files = try Examples.files("quickstart")
        files["writ.yaml"] = (files["writ.yaml"] ?? "") + "\ndrift: report\n"
        let fleet = try Fleet(files)
        _ = try await fleet.json("apply")
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")
        #expect(try await fleet.json("status")["drift"] == nil)
        let queue = try Self.open(fleet)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(sql: "DELETE FROM resource_version WHERE kind = 'Trigger' AND name = 'every-minute'")
            // An older version.
            try db.execute(
                sql: """
                    UPDATE resource_version SET digest = (
                        SELECT digest FROM resource_version WHERE name = 'greeter' AND to_revision IS NOT NULL)
                    WHERE kind = 'Agent' AND name = 'greeter' AND to_revision IS NULL
                    """)
        }
        try queue.close()
        let drift = try await fleet.json("status")["drift"]?.array ?? []
        #expect(drift.map { $0["name"] } == ["greeter", "every-minute"])
        let doctor = try await fleet.writ("doctor")
        #expect(doctor.status == 1, "\(doctor)")
        #expect(doctor.stdout.contains("Agent/greeter, Trigger/every-minute"), "\(doctor)")
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("altered behind writ's back, and left (drift: report)")
        #expect(
            serve.log.contains {
                $0["resources"]?.string?.contains("Agent/greeter, Trigger/every-minute") == true
            }, "\(serve.log)")
        #expect(try await serve.terminate() == 0)
        _ = try await fleet.json("apply")
        #expect(try await fleet.json("status")["drift"] == nil)
        #expect(try await maxSteps(fleet) == 3)
        #expect(try await fleet.json("get", "trigger", "every-minute")["items"]?.array?.count == 1)
    }

    @Test("What was altered is not brought back by undoing")
    func notUndone() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")
        try alter(fleet)
        let refused = try await fleet.writ("undo", "2")
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("Agent/greeter as it was before revision 2 was altered"), "\(refused)")
    }
}
