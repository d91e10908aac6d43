import Git
import State
import TestSupport
import Testing
import Values

@Suite("Deleting, renaming and what is protected")
struct DeletionTests {
    private func agents(_ names: [String]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: names.map { name in
                let text = "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: \(name)}\n"
                return (
                    "agents/\(name).yaml",
                    text + "spec:\n  model: {provider: local, name: small}\n  systemPrompt: You are \(name).\n"
                )
            })
    }

    private func fleet(agents names: [String], _ more: [String: String] = [:]) throws -> Fleet {
        let provider = "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: local}\nspec: {type: openai}\n"
        return try Fleet(agents(names).merging(["local.yaml": provider]) { old, _ in old }.merging(more) { $1 })
    }

    private func removal(_ names: some Sequence<String>) -> [String: String?] {
        Dictionary(uniqueKeysWithValues: names.map { ("agents/\($0).yaml", nil) })
    }

    private func cursors(_ fleet: Fleet) throws -> [String: ScheduleCursor] {
        try #require(try StateReader.open(at: fleet.statePath)).scheduleCursors()
    }

    private let names = (0..<10).map { "agent-\($0)" }

    @Test("A message that names several numbers, or what is none, agrees to nothing, and the refusal says so")
    func unclearAgreement() async throws {
        let fleet = try fleet(agents: names)
        _ = try await fleet.json("apply")
        for said in ["6\nWrit-Allow-Deletes: 8", "08", "+8"] {
            try fleet.commit(removal(names.prefix(8)), "Remove agents\n\nWrit-Allow-Deletes: \(said)\n")
            let refused = try await fleet.writ("apply")
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.stdout.contains("says Writ-Allow-Deletes: `"), "\(refused)")
            #expect(try await fleet.json("diff", "HEAD^..HEAD")["brake"]?["released"] != true)
            try fleet.commit(agents(names).mapValues(Optional.some))
        }
        try fleet.commit(
            removal(names.prefix(8)), "Remove agents\n\nWrit-Allow-Deletes: 8\nWrit-Allow-Deletes: 8\n")
        #expect(try await fleet.json("apply")["revision"]?.int == 2)
    }

    @Test(
        "A commit that deletes most agents is refused with counts and names until somebody says the exact number (fault C63)"
    )
    func massDeletion() async throws {
        let fleet = try fleet(agents: names)
        _ = try await fleet.json("apply")
        try fleet.commit(removal(names.prefix(8)))
        let planned = try await fleet.writ("plan", "--detailed-exitcode")
        #expect(planned.status == 2, "\(planned)")
        #expect(
            planned.stdout.contains("It deletes 8 of 10 of kind Agent: applying needs --allow-deletes 8"), "\(planned)")
        let refused = try await fleet.writ("apply")
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stdout.contains("8 of 10 of kind Agent; 8 in all: Agent/agent-0, Agent/agent-1"), "\(refused)")
        #expect(refused.stdout.contains("writ apply --allow-deletes 8"), "\(refused)")
        #expect(refused.stderr.contains("revision 1 stays in force"), "\(refused)")
        let look = try #require(try await fleet.json("status")["lastReconcile"])
        #expect(look["outcome"] == "rejected" && look["diagnostics"]?[0]?["code"] == "brake", "\(look)")
        let other = try await fleet.writ("apply", "--allow-deletes", "7")
        #expect(other.status == 1, "\(other)")
        #expect(other.stderr.contains("would delete 8 resources, not 7"), "\(other)")
        #expect(try await fleet.json("get", "agents")["items"]?.array?.count == 10)
        #expect(try await fleet.json("apply", "--allow-deletes", "8")["revision"]?.int == 2)
        #expect(try await fleet.json("get", "agents")["items"]?.array?.count == 2)
    }

    @Test("The commit cannot loosen its own brake, and its message can say the number")
    func trailer() async throws {
        let fleet = try fleet(agents: names)
        _ = try await fleet.json("apply")
        try fleet.commit(
            removal(names.prefix(8)).merging(["writ.yaml": "brake: {deletes: 100}\n"]) { $1 }, "Delete\n\nAll of it.")
        let refused = try await fleet.writ("apply", "-o", "json")
        #expect(refused.status == 1, "\(refused)")
        #expect(try refused.json["applied"]?.bool == false)
        #expect(try refused.json["diagnostics"]?[0]?["code"] == "brake")
        try fleet.commit(["note.txt": "Some.\n"], "Mean it\n\nWrit-Allow-Deletes: 7\n")
        let other = try await fleet.writ("apply")
        #expect(other.status == 1 && other.stdout.contains("`Writ-Allow-Deletes: 8`, not 7"), "\(other)")
        try fleet.commit(["note.txt": "Yes.\n"], "Mean it\n\nWrit-Allow-Deletes: 8\n")
        let plan = try await fleet.json("apply")
        #expect(plan["revision"]?.int == 2)
        #expect(plan.value(atPath: "brake.released")?.bool == true)
    }

    @Test("A number that was said since what is applied counts, whatever came on top, and counts once")
    func earlierTrailer() async throws {
        let fleet = try fleet(agents: names)
        _ = try await fleet.json("apply")
        try fleet.commit(removal(names.prefix(8)), "Delete\n\nWrit-Allow-Deletes: 8\n")
        try fleet.commit(["note.txt": "Some.\n"])
        try fleet.commit(["note.txt": "Yes.\n"], "On top")
        #expect(try await fleet.json("diff", "HEAD~3..HEAD").value(atPath: "brake.released")?.bool == true)
        #expect(try await fleet.json("apply")["revision"]?.int == 2)

        try fleet.commit(agents(names).mapValues(Optional.some))
        #expect(try await fleet.json("apply")["revision"]?.int == 3)
        try fleet.commit(removal(names.prefix(8)))
        let refused = try await fleet.writ("apply")
        #expect(refused.status == 1 && !refused.stdout.contains("not 8"), "\(refused)")

        // Of another number than what is deleted by then, it is none.
        try fleet.commit(["note.txt": "More.\n"], "Agree\n\nWrit-Allow-Deletes: 8\n")
        try fleet.commit(removal([names[8]]))
        let more = try await fleet.writ("apply")
        #expect(more.status == 1 && more.stdout.contains("`Writ-Allow-Deletes: 9`, not 8"), "\(more)")
    }

    @Test("What is served stays where a commit deletes too much, and the reason is recorded with what to do")
    func serving() async throws {
        let fleet = try fleet(agents: names)
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        try fleet.commit(removal(names))
        try await serve.logged("rejected, the last good revision stays")
        let look = try #require(try await fleet.json("status")["lastReconcile"])
        #expect(look["outcome"] == "rejected")
        #expect(look["revision"]?.int == 1)
        #expect(look["message"]?.string?.contains("all 10 of kind Agent") == true)
        #expect(look["message"]?.string?.contains("Writ-Allow-Deletes: 10") == true)
        #expect(look["diagnostics"]?[0]?["code"] == "brake")
        try fleet.commit(["note.txt": "Yes.\n"], "Mean it\n\nWrit-Allow-Deletes: 10\n")
        try await serve.logged("applied a revision", count: 2)
        #expect(try await fleet.json("get", "agents")["items"]?.array?.isEmpty == true)
        #expect(try await serve.terminate() == 0)
    }

    @Test("A renamed trigger keeps its place in time and its history")
    func rename() async throws {
        let trigger = """
            apiVersion: writ/v1
            kind: Trigger
            metadata: {name: morning}
            spec:
              agent: agent-0
              schedule: {cron: '0 9 * * *', timeZone: Europe/Berlin}

            """
        let fleet = try fleet(agents: ["agent-0"], ["triggers/t.yaml": trigger])
        _ = try await fleet.json("apply")
        let cursor = try cursors(fleet)["morning"]
        try fleet.commit(["triggers/t.yaml": trigger.replacing("name: morning", with: "name: breakfast")])
        let plan = try await fleet.json("plan")
        #expect(plan["changes"]?.array?.count == 1)
        #expect(plan["changes"]?[0]?["action"] == "rename")
        #expect(plan["changes"]?[0]?["renamedFrom"] == "morning")
        _ = try await fleet.json("apply")
        let history = try await fleet.json("history", "trigger/breakfast")
        #expect(history["items"]?.array?.compactMap { $0["action"]?.string } == ["rename", "create"])
        let schedules = try await fleet.json("status")["schedules"]
        #expect(schedules?.array?.count == 1)
        #expect(schedules?[0]?["trigger"] == "breakfast")
        #expect(try #require(cursors(fleet)["breakfast"]).instant == cursor?.instant)

        // Nobody can tell what an entirely new manifest was; the manifest can.
        let other = trigger.replacing("name: morning", with: "name: brunch, renamedFrom: breakfast")
            .replacing("0 9", with: "30 11").replacing("Berlin", with: "Paris")
        try fleet.commit(["triggers/t.yaml": other])
        #expect(try await fleet.json("apply")["changes"]?[0]?["renamedFrom"] == "breakfast")
        let whole = try await fleet.json("history", "trigger/brunch")
        #expect(whole["items"]?.array?.compactMap { $0["revision"]?.int } == [3, 2, 1])
        // The line may stay.
        #expect(try await fleet.json("apply")["applied"]?.bool == false)
    }

    @Test("What is protected goes only after a commit that takes the protection away")
    func protection() async throws {
        let guarded = agents(["agent-0"]).mapValues {
            $0.replacing("{name: agent-0}", with: "{name: agent-0, protect: true}")
        }
        let fleet = try fleet(agents: ["agent-0", "agent-1"], guarded)
        _ = try await fleet.json("apply")
        let base = try fleet.repository.repository.resolve("HEAD")
        try fleet.commit(removal(["agent-0"]))
        for command in [["plan"], ["diff", "\(base.text)..HEAD"], ["apply", "--allow-deletes", "1"]] {
            let refused = try await fleet.writ(command)
            #expect(refused.status == 1, "\(refused)")
            #expect(
                refused.stdout.contains("Agent/agent-0 is protected and cannot be deleted [protected]"), "\(refused)")
            #expect(refused.stdout.contains("protect: false"), "\(refused)")
        }
        try fleet.commit(agents(["agent-0"]))
        #expect(try await fleet.json("apply")["revision"]?.int == 2)
        try fleet.commit(removal(["agent-0"]))
        #expect(try await fleet.json("apply")["revision"]?.int == 3)
    }
}
