import Foundation
import Spec
import State
import TestSupport
import Testing
import Values

@Suite("One mistake keeps one resource from being applied")
struct IsolationTests {
    private func manifest(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: writ/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: \(spec)\n"
    }

    private func agent(_ name: String, _ prompt: String) -> String {
        manifest("Agent", name, "{model: {provider: p, name: m}, systemPrompt: \(prompt)}")
    }

    private func fleet() throws -> Fleet {
        try Fleet([
            "writ.yaml": "apply: perResource\n", "p.yaml": manifest("Provider", "p", "{type: ollama}"),
            "a.yaml": agent("a", "One"), "b.yaml": agent("b", "One"),
            "team.yaml": manifest("Team", "t", "{agents: [a, b]}"),
        ])
    }

    private func prompt(_ fleet: Fleet, _ agent: String) async throws -> String? {
        try await fleet.json("get", "agent", agent)["items"]?[0]?["spec"]?["systemPrompt"]?.string
    }

    @Test("The rest of the commit is applied, what is broken is stale until it is mended")
    func partial() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.commit(["a.yaml": agent("a", "[no text]"), "b.yaml": agent("b", "Two")])
        let planned = try await fleet.writ("plan")
        #expect(planned.status == 1)
        #expect(planned.stdout.contains("a.yaml:4:"), "\(planned)")
        #expect(planned.stdout.contains("! Agent/a keeps its last good version"), "\(planned)")
        #expect(planned.stdout.contains("0 to create, 1 to update, 0 to delete"), "\(planned)")
        let applied = try await fleet.writ("apply", "-o", "json")
        #expect(applied.status == 1, "\(applied)")
        #expect(try applied.json["revision"]?.int == 2)
        #expect(try applied.json["stale"]?[0]?["name"]?.string == "a")
        #expect(try await prompt(fleet, "a") == "One")
        #expect(try await prompt(fleet, "b") == "Two")
        #expect(try await fleet.writ("get", "agents").stdout.contains("ready, stale"))
        let status = try await fleet.writ("status")
        #expect(status.stdout.contains("unchanged. 1 not as the commit says, which is broken there."), "\(status)")
        #expect(status.stdout.contains("Stale       Agent/a keeps its last good version, since "), "\(status)")
        #expect(try await fleet.json("status")["stale"]?.array?.count == 1)

        // The next commit changes something else: what was stale stays so, and nothing of it is planned.
        try fleet.commit(["b.yaml": agent("b", "Three")])
        #expect(try await fleet.writ("apply").status == 1)
        #expect(try await fleet.json("status")["stale"]?.array?.count == 1)

        try fleet.commit(["a.yaml": agent("a", "Mended")])
        #expect(try await fleet.json("apply")["summary"]?["update"]?.int == 1)
        #expect(try await prompt(fleet, "a") == "Mended")
        #expect(try await fleet.json("status")["stale"] == nil)
    }

    @Test("What changes and needs what is broken waits with it, and goes on with it")
    func dependents() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        func team(_ description: String) -> String {
            manifest("Team", "t", "{agents: [a, b], description: \(description)}")
        }
        try fleet.commit([
            "a.yaml": agent("a", "[no text]"), "b.yaml": agent("b", "Two"), "team.yaml": team("One"),
            "new.yaml": manifest("Team", "new", "{agents: [a]}"),
        ])
        let at = "2026-11-30T09:00:00Z"
        let planned = try await fleet.writ("plan", "--at", at)
        #expect(planned.stdout == (try await fleet.writ("plan", "--at", at, "--full").stdout))
        let why = "team.yaml:4:17: error: Team/t needs Agent/a, which keeps its last good version [stale-reference]"
        #expect(planned.stdout.contains(why), "\(planned)")
        #expect(planned.stdout.contains("0 to create, 1 to update, 0 to delete"), "\(planned)")
        let applied = try await fleet.writ("apply", "-o", "json")
        #expect(try applied.json["stale"]?.array?.compactMap { $0["name"]?.string } == ["a", "new", "t"], "\(applied)")
        let kept = try await fleet.json("get", "team", "t")["items"]?[0]
        #expect(kept?["spec"]?["description"] == nil, "\(kept ?? nil)")
        let stale = kept?["status"]?["conditions"]?.array?.first { $0["type"] == "Stale" }
        #expect(stale?["reason"] == "DependencyNotValid", "\(kept ?? nil)")

        try fleet.commit(["a.yaml": agent("a", "Mended")])
        let mended = try await fleet.json("apply")
        #expect(mended["summary"]?["update"]?.int == 2 && mended["summary"]?["create"]?.int == 1, "\(mended)")
        #expect(mended["stale"] == nil)
    }

    @Test("What may stand in a file that cannot be read is kept, and that is said")
    func hidden() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.commit(["team.yaml": nil, "new.yaml": "a: ["])
        let planned = try await fleet.writ("plan")
        #expect(planned.status == 1 && planned.stdout.contains("! Team/t keeps its last good version"), "\(planned)")
        let reason = "new.yaml:2:1: error: what was declared before and is found nowhere now may stand in this file"
        #expect(planned.stdout.components(separatedBy: reason).count == 2, "\(planned)")
        let stale = try await fleet.writ("plan", "-o", "json").json["stale"]
        #expect(stale?[0]?["diagnostics"]?[0]?["message"]?.string?.hasPrefix("what was declared before") == true)
    }

    @Test("A deletion does not wait for a new manifest with a mistake that is not like what goes")
    func unlike() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        let other = "{model: {provider: p, name: other}, maxStep: 3, systemPrompt: Answer whoever asks in rhymes}"
        try fleet.commit([
            "b.yaml": nil, "team.yaml": manifest("Team", "t", "{agents: [a]}"), "c.yaml": manifest("Agent", "c", other),
        ])
        let applied = try await fleet.writ("apply", "-o", "json")
        #expect(applied.status == 1, "\(applied)")
        #expect(try applied.json["stale"]?.array?.compactMap { $0["name"]?.string } == ["c"])
        #expect(try applied.json["summary"]?["delete"]?.int == 1)
        // One that may be what goes keeps it.
        try fleet.commit([
            "a.yaml": nil, "team.yaml": nil,
            "d.yaml": manifest("Agent", "d", "{model: {provider: p, name: m}, maxStep: 3, systemPrompt: One}"),
        ])
        let kept = try await fleet.writ("apply", "-o", "json")
        #expect(try kept.json["stale"]?.array?.compactMap { $0["name"]?.string } == ["a", "c", "d"], "\(kept)")
    }

    @Test("A rename with a typo keeps the schedule under its former name, and its history when it is mended")
    func renameWithTypo() async throws {
        let fleet = try fleet()
        func trigger(_ name: String, _ field: String) -> String {
            manifest("Trigger", name, "{agent: a, schedule: {cron: '0 8 * * *'}, \(field): The morning brief}")
        }
        try fleet.commit(["t.yaml": trigger("t", "description")])
        _ = try await fleet.json("apply")
        try fleet.commit(["t.yaml": nil, "morning.yaml": trigger("morning", "descripton")])
        let applied = try await fleet.writ("apply")
        #expect(applied.status == 1 && applied.stdout.contains("! Trigger/t keeps its last good version"), "\(applied)")
        #expect(applied.stdout.contains("morning.yaml:3:18: error: what was declared before"), "\(applied)")
        #expect(try await fleet.json("status")["stale"]?.array?.count == 2)
        #expect(try await fleet.json("get", "trigger", "t")["items"]?.array?.count == 1)
        try fleet.commit(["morning.yaml": trigger("morning", "description")])
        #expect(try await fleet.json("apply")["summary"]?["rename"]?.int == 1)
        let history = try await fleet.json("history", "trigger/morning")
        #expect(history["items"]?.array?.count == 2, "\(history)")
        #expect(try await fleet.json("status")["stale"] == nil)
    }

    @Test("`--quiet` does not hide why only a part is applied")
    func quiet() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.commit(["a.yaml": agent("a", "[no text]"), "b.yaml": agent("b", "Two")])
        let applied = try await fleet.writ("apply", "-q")
        #expect(applied.status == 1, "\(applied)")
        #expect(applied.stdout.hasPrefix("Applied commit ") && applied.stdout.hasSuffix(" as revision 2.\n"))
        #expect(applied.stderr.contains("a.yaml:4:"), "\(applied)")
        #expect(applied.stderr.contains("1 not as the commit says, which is broken there."), "\(applied)")
        let again = try await fleet.writ("apply", "-q")
        #expect(again.status == 1 && again.stdout.contains("a.yaml:4:"), "\(again)")
        #expect(again.stderr.contains("1 not as the commit says"), "\(again)")
    }

    @Test("The commit that asks for it must be sound itself, and a broken writ.yaml keeps everything out")
    func settings() async throws {
        let fleet = try Fleet(["u.yaml": manifest("User", "u", "{role: viewer}")])
        _ = try await fleet.json("apply")
        try fleet.commit([
            "writ.yaml": "apply: perResource\n", "u.yaml": manifest("User", "u", "{role: king}"),
            "v.yaml": manifest("User", "v", "{role: viewer}"),
        ])
        #expect(try await fleet.writ("apply").status == 1)
        #expect(try await fleet.json("get", "users")["items"]?.array?.count == 1)
        try fleet.commit(["u.yaml": manifest("User", "u", "{role: admin}")])
        #expect(try await fleet.json("apply")["summary"]?["create"]?.int == 1)
        try fleet.commit(["writ.yaml": "apply: sometimes\n", "w.yaml": manifest("User", "w", "{role: viewer}")])
        let refused = try await fleet.writ("apply")
        #expect(refused.status == 1)
        #expect(refused.stdout.contains("writ.yaml:1:8"), "\(refused)")
        #expect(try await fleet.json("get", "users")["items"]?.array?.count == 2)
    }

    @Test(
        "A mistake that keeps no resource back is told all the same, and the command fails",
        arguments: [
            ("new.yaml", "["), ("new.yaml", "kind: Wizard\n"), ("new.yaml", "apiVersion: writ/v1\nkind: Agent\n"),
            ("a.yaml", "---\n["),
        ])
    func unheld(_ path: String, _ text: String) async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        try fleet.commit([path: (path == "a.yaml" ? agent("a", "One") : "") + text])
        let planned = try await fleet.writ("plan")
        #expect(planned.status == 1, "\(planned)")
        #expect(planned.stdout.contains("\(path):"), "\(planned)")
        #expect(!planned.stdout.contains("No changes"), "\(planned)")
        let machine = try await fleet.writ("plan", "-o", "json")
        #expect(machine.status == 1)
        #expect(try machine.json["diagnostics"]?[0]?["path"]?.string == path)
        #expect(try await fleet.writ("plan", "-o", "github").stdout.contains("::error file=\(path)"))
        let applied = try await fleet.writ("apply")
        #expect(applied.status == 1, "\(applied)")
        #expect(applied.stdout.contains("\(path):"), "\(applied)")
        let looked = try await fleet.json("status")
        #expect(looked.canonicalText.contains(path), "\(looked)")
        #expect(try await fleet.writ("status").stdout.contains("            \(path):"))
    }

    @Test("Serve applies the sound part and tells of the rest")
    func serve() async throws {
        let fleet = try fleet()
        _ = try await fleet.json("apply")
        let server = try await fleet.serve("--interval", "1s")
        try fleet.commit(["a.yaml": "a: [", "b.yaml": agent("b", "Two")])
        let reader = try #require(try StateReader.open(at: fleet.statePath))
        try await waitUntil("the sound part is applied") { try reader.latestRevision()?.number == 2 }
        #expect(try reader.staleResources().map(\.resource.id.description) == ["Agent/a"])
        try fleet.commit(["z.yaml": "["])
        try await server.logged("z.yaml:")
        try await waitUntil("the page tells of it") {
            let page = try await server.get("/").text
            return page.contains("is broken in part") && page.contains("z.yaml:")
        }
        _ = try await server.terminate()
    }
}
