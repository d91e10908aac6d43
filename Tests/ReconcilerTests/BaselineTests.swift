import Foundation
import Git
import TestSupport
import Testing
import Values

/// Plans in CI against what the server gives away of its state.
@Suite("Baselines")
struct BaselineTests {
    private static let secret = "it-is-a-secret"

    /// The research desk, applied, with an edit of an agent, a schedule and a rename on top.
    private func edited() async throws -> Fleet {
        let fleet = try Fleet(try Examples.files("research-desk"))
        _ = try await fleet.json("apply")
        try fleet.edit("agents/market-brief.yaml", "maxSteps: 6", "maxSteps: 8")
        try fleet.edit("triggers/new-york-brief.yaml", "cron: 30 8", "cron: 0 8")
        try fleet.edit("agents/summariser.yaml", "name: summariser", "name: shortener")
        try fleet.edit("triggers/tokyo-summary.yaml", "agent: summariser", "agent: shortener")
        try fleet.edit("people/research.yaml", "market-brief, summariser", "market-brief, shortener")
        return fleet
    }

    /// A plan without what differs by the time at which it was made.
    private func timeless(_ plan: JSON) -> JSON {
        var object = plan.object ?? [:]
        object["asOf"] = nil
        return .object(object)
    }

    private let at = ["--at", "2026-11-30T09:00:00Z"]

    private func plan(_ fleet: Fleet, _ arguments: String...) async throws -> JSON {
        let result = try await fleet.writ(["plan", "-o", "json"] + at + arguments)
        try #require(result.status == 0, "\(result)")
        #expect(try MachineFormat.violations(of: result.json, "plan").isEmpty)
        return try result.json
    }

    @Test("A plan against a baseline is the plan against the state, byte for byte, without the state")
    func isExact() async throws {
        let fleet = try await edited()
        let file = fleet.repository.directory.path(".writ/baseline.json")
        #expect(try await fleet.writ("baseline", file).status == 0)
        let exact = try await plan(fleet)
        #expect(exact["changes"]?.array?.isEmpty == false)
        try FileManager.default.removeItem(atPath: fleet.statePath)
        let told = try await plan(fleet, "--baseline", file)
        #expect(timeless(told) == timeless(exact))
        #expect(told["digest"] == exact["digest"])
        #expect(!FileManager.default.fileExists(atPath: fleet.statePath))
    }

    @Test("A plan against a baseline is exact too where texts stand elsewhere since the last revision")
    func isExactAfterMoves() async throws {
        func agent(_ steps: Int) -> String {
            "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: a}\nspec:\n  model: {provider: p, name: m}\n"
                + "  systemPrompt: {file: a.md}\n  limits: {maxSteps: \(steps)}\n"
        }
        let provider = "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: p}\nspec: {type: ollama}\n"
        let fleet = try Fleet(["p.yaml": provider, "old/a.yaml": agent(3), "old/a.md": "Be brief."])
        _ = try await fleet.json("apply")
        try fleet.commit(["old/a.yaml": nil, "old/a.md": nil, "new/a.yaml": agent(3), "new/a.md": "Be brief."])
        #expect(try await fleet.json("apply")["applied"] == false)
        let file = fleet.repository.directory.path(".writ/baseline.json")
        #expect(try await fleet.writ("baseline", file).status == 0)
        let baseline = try JSON(parsing: try fleet.read(".writ/baseline.json"))
        #expect(try MachineFormat.violations(of: baseline, "baseline").isEmpty)
        try fleet.commit(["new/a.yaml": agent(4), "new/a.md": "Be long."])
        let exact = try await plan(fleet)
        #expect(exact["changes"]?[0]?["fields"]?.array?.count == 2, "\(exact)")
        let told = try await plan(fleet, "--baseline", file)
        #expect(timeless(told) == timeless(exact))
    }

    @Test("What is suspended by hand is told with the time, and neither who did it nor why")
    func isHeld() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let why = "an-incident-of-a-customer"
        _ = try await fleet.json("suspend", "agent/greeter", "--reason", why, "--until", "2h")
        _ = try await fleet.json(
            "override", "agent/greeter", "spec.limits.concurrency=1", "--reason", why, "--until", "2h")
        try fleet.edit("triggers/every-minute.yaml", "\"* * * * *\"", "\"*/2 * * * *\"")
        let file = fleet.repository.directory.path(".writ/baseline.json")
        #expect(try await fleet.writ("baseline", file).status == 0)
        let text = try fleet.read(".writ/baseline.json")
        let json = try JSON(parsing: text)
        #expect(try MachineFormat.violations(of: json, "baseline").isEmpty)
        #expect(!text.contains(why) && !text.contains("concurrency"))
        let held = json["suspendedByHand"]?.array
        #expect(held?.map { $0["name"] } == ["greeter"] && held?.first?["until"] != nil, "\(json)")
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970)).rfc3339
        func forecast(_ arguments: String...) async throws -> JSON? {
            try await fleet.writ(["plan", "-o", "json"] + arguments).json.value(atPath: "impact.schedules")
        }
        let exact = try await forecast("--at", now)
        #expect(exact?[0]?["suspendedByHand"]?["name"] == "greeter", "\(exact ?? nil)")
        #expect(try await forecast("--at", now, "--baseline", file) == exact)
        let shown = try await fleet.writ("plan", "--at", now, "--baseline", file)
        #expect(shown.stdout.contains("none of them runs while Agent/greeter is suspended by hand until "), "\(shown)")
        // When it has ended, and of a baseline of before this was told.
        let ended = try await forecast("--at", "2099-01-01T00:00:00Z", "--baseline", file)
        #expect(ended?[0] != nil && ended?[0]?["suspendedByHand"] == nil, "\(ended ?? nil)")
        var older = json.object ?? [:]
        older["suspendedByHand"] = nil
        let old = fleet.repository.directory.path(".writ/older.json")
        try fleet.repository.directory.write(".writ/older.json", JSON.object(older).canonicalText)
        let untold = try await forecast("--at", now, "--baseline", old)
        #expect(untold?[0] != nil && untold?[0]?["suspendedByHand"] == nil, "\(untold ?? nil)")
    }

    @Test("The server gives it to who shows the token, with no value of a spec and no payload in it")
    func isServed() async throws {
        let model = try Examples.files("quickstart")
        var fleet = try Fleet(model)
        let token = "0123456789abcdef0123456789abcdef"
        fleet.environment["QUICKSTART_WEBHOOK_SECRET"] = Self.secret
        fleet.environment["WRIT_API_TOKEN"] = token
        let server = try await fleet.serve()
        try await server.logged("applied")
        let sent = try await server.sendPullRequest(
            try Examples.pullRequest("quickstart"), to: "/hooks/greet-pull-request", secret: Self.secret,
            delivery: "d-1")
        #expect(sent.status == 202, "\(sent)")
        let url = server.url + "/api/v1/baseline"
        #expect(try await HTTPCall.send("GET", url).status == 401)
        let reply = try await HTTPCall.send("GET", url, headers: [("Authorization", "Bearer \(token)")])
        #expect(reply.status == 200)
        #expect(try MachineFormat.violations(of: reply.json, "baseline").isEmpty)
        #expect(try reply.json["events"]?.array?.count == 1)
        // What stands in the manifests and in the payload.
        let payload = try JSON(parsing: try Examples.pullRequest("quickstart"))
        let name = try #require(payload.value(atPath: "repository.full_name")?.string)
        for word in ["friendly", "Greets whatever", name, "https://", Self.secret] {
            #expect(!reply.text.contains(word), "\(word)")
        }
        let again = try await HTTPCall.send("GET", url, headers: [("Authorization", "Bearer \(token)")])
        #expect(try again.json["salt"] != reply.json["salt"])

        // In CI: another clone, no state, the token in a variable.
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        let exact = try await plan(fleet)
        var ci = fleet
        ci.environment["WRIT_API_TOKEN"] = nil
        ci.environment["CI_TOKEN"] = token
        ci.environment["WRIT_STATE"] = nil
        let told = try await plan(ci, "--baseline", url, "--baseline-token", "env:CI_TOKEN")
        #expect(told["digest"] == exact["digest"])
        #expect(told["changes"] == exact["changes"])
        let refused = try await ci.writ("plan", "--baseline", url)
        #expect(refused.status == 1)
        #expect(refused.stderr.contains("wants its API token"), "\(refused)")
        #expect(try await server.terminate() == 0)
    }

    @Test("Recorded events are routed again by their hashes; patterns are said to be untold, and never wrong")
    func isRouted() async throws {
        var fleet = try Fleet(try Examples.files("quickstart"))
        fleet.environment["QUICKSTART_WEBHOOK_SECRET"] = Self.secret
        let server = try await fleet.serve()
        try await server.logged("applied")
        let sent = try await server.sendPullRequest(
            try Examples.pullRequest("quickstart"), to: "/hooks/greet-pull-request", secret: Self.secret,
            delivery: "d-1")
        #expect(sent.status == 202, "\(sent)")
        #expect(try await server.terminate() == 0)
        let file = fleet.repository.directory.path(".writ/baseline.json")
        #expect(try await fleet.writ("baseline", file).status == 0)
        let trigger = try fleet.read("triggers/greet-pull-request.yaml")

        func backtest(_ match: String) async throws -> (told: JSON, exact: JSON) {
            try fleet.commit(["triggers/greet-pull-request.yaml": trigger + "  match: \(match)\n"])
            let told = try #require(try await plan(fleet, "--baseline", file)["impact"]?["backtest"])
            return (told, try #require(try await plan(fleet)["impact"]?["backtest"]))
        }
        let closed = try await backtest("[{path: payload.action, equals: closed-and-gone}]")
        #expect(closed.told == closed.exact)
        #expect(closed.told["counts"]?["passes"]?.int == 1)
        let pattern = try await backtest("[{path: payload.action, matches: \"^zzz$\"}]")
        #expect(pattern.exact["counts"]?["passes"]?.int == 1)
        #expect(pattern.told["counts"]?["passes"]?.int == 0)
        #expect(pattern.told["counts"]?["untold"]?.int == 1)
        #expect(pattern.told["rows"]?[0]?["outcome"] == "untold")
        let text = try await fleet.writ(["plan", "--baseline", file] + at)
        #expect(text.stdout.contains("1 cannot be told"), "\(text)")
        #expect(text.stdout.contains("it cannot be told whether payload.action matches ^zzz$"), "\(text)")
    }

    @Test("Where the clone lacks the applied commit, digests alone are compared, and that is said")
    func isShallow() async throws {
        let fleet = try await edited()
        let file = fleet.repository.directory.path(".writ/baseline.json")
        #expect(try await fleet.writ("baseline", file).status == 0)
        let exact = try await plan(fleet)
        // The files of HEAD alone, in a repository that has no history.
        let head = try TestRepository()
        var files: [String: String] = [:]
        for path in try Examples.files("research-desk").keys {
            if let text = try? fleet.read(path) { files[path] = text }
        }
        try head.commit(files)
        let result = try await fleet.writ(["plan", "-o", "json", "--repo", head.path, "--baseline", file] + at)
        #expect(result.status == 0, "\(result)")
        let told = try result.json
        #expect(try MachineFormat.violations(of: told, "plan").isEmpty)
        #expect(told["warnings"]?.array?.contains { $0["code"] == "baseline" } == true)
        #expect(told["impact"] == nil)
        let brief = told["changes"]?.array?.first { $0["name"] == "market-brief" }
        #expect(brief?["fields"]?.array?.isEmpty == true)
        let known = exact["changes"]?.array?.first { $0["name"] == "market-brief" }
        #expect(brief?["beforeDigest"] == known?["beforeDigest"])
        #expect(brief?["afterDigest"] == known?["afterDigest"])
        let refused = try await fleet.writ("plan", "--repo", head.path, "--baseline", file, "--fail-on", "new-reach")
        #expect(refused.status == 1)
        #expect(refused.stderr.contains("cannot be told"), "\(refused)")
    }

    @Test("Where something is stale or was undone, what is not told without the state is said")
    func isInPart() async throws {
        func user(_ name: String, _ role: String) -> String {
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {role: \(role)}\n"
        }
        let fleet = try Fleet([
            "writ.yaml": "apply: perResource\n", "a.yaml": user("a", "viewer"), "b.yaml": user("b", "viewer"),
        ])
        _ = try await fleet.json("apply")
        try fleet.commit(["a.yaml": user("a", "king"), "b.yaml": user("b", "admin")])
        #expect(try await fleet.writ("apply").status == 1)
        try fleet.commit(["c.yaml": user("c", "viewer")])
        let file = fleet.repository.directory.path(".writ/baseline.json")
        #expect(try await fleet.writ("baseline", file).status == 0)
        // What is stale is still broken, so that the command fails.
        let told = try await fleet.writ(["plan", "-o", "json", "--baseline", file] + at).json
        #expect(told["changes"] == (try await fleet.writ(["plan", "-o", "json"] + at).json["changes"]))
        #expect(told["changes"]?[0]?["name"] == "c")
        #expect(told["impact"] == nil)
        let warning = told["warnings"]?.array?.first { $0["code"] == "baseline" }
        #expect(warning?["message"]?.string?.contains("without the contents of User/a, what the change does") == true)

        try fleet.commit(["a.yaml": user("a", "viewer")])
        #expect(try await fleet.writ("undo", "2").status == 0)
        #expect(try await fleet.writ("baseline", file).status == 0)
        #expect(try await plan(fleet)["redoes"] != nil)
        let again = try await plan(fleet, "--baseline", file)
        #expect(again["redoes"] == nil)
        #expect(
            again["warnings"]?.array?.contains {
                $0["message"]?.string?.hasPrefix("revision 3 took back revision 2: whether this change") == true
            } == true, "\(again)")
    }

    @Test("Who took a commit back, and when, is left out where only a baseline is known")
    func isUndone() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")
        #expect(try await fleet.writ("undo", "2").status == 0)
        #expect(try await fleet.json("plan")["hindrance"]?.string?.contains("undid revision 2 (ada, 2") == true)
        let file = fleet.repository.directory.path(".writ/baseline.json")
        #expect(try await fleet.writ("baseline", file).status == 0)
        let planned = try await plan(fleet, "--baseline", file)
        #expect(planned["hindrance"]?.string?.contains("undid revision 2: change the repository") == true, "\(planned)")
    }

    @Test("What is no baseline is refused, and a state beside it")
    func isRefused() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        try fleet.repository.directory.write(".b.json", "{\"formatVersion\": \"1\"}")
        let wrong = try await fleet.writ("plan", "--baseline", ".b.json")
        #expect(wrong.status == 1)
        #expect(wrong.stderr.contains("is not a baseline"), "\(wrong)")
        for (place, said) in [
            ("none.json", "cannot be read: No such file"), (".", "is a directory"), ("/dev/zero", "is no regular file"),
        ] {
            let refused = try await fleet.writ("plan", "--baseline", place)
            #expect(refused.stderr.contains("the baseline `\(place)` \(said)"), "\(refused)")
        }
        #expect(try await fleet.writ("plan", "--baseline", ".b.json", "--state", "x").status == 1)
        #expect(try await fleet.writ("baseline").stderr.contains("nothing was applied yet"))
        let token = try await fleet.writ("plan", "--baseline", "http://127.0.0.1:1/x", "--baseline-token", "secret")
        #expect(token.stderr.contains("write env:NAME"), "\(token)")
        #expect(!token.stderr.contains("secret"))
    }
}
