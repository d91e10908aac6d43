import Foundation
import TestSupport
import Testing
import Values

@Suite("Overriding by hand")
struct OverrideStoryTests {
    @Test("An override that the manifest outdoes is shown as without effect, by the plan that does it already")
    func outdone() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 9")
        _ = try await fleet.json("apply")
        let set = try await fleet.json("override", "agent/greeter", "spec.limits.maxSteps=3", "--reason", "costs")
        #expect(set["items"]?[0]?["declared"] == nil)
        try fleet.edit("agents/greeter.yaml", "maxSteps: 9", "maxSteps: 2")
        let line = "Agent/greeter spec.limits.maxSteps = 3 (no effect now: the manifest says 2) by ada: costs"
        #expect(try await fleet.writ("plan").stdout.contains(line))
        #expect(try await fleet.json("override")["items"]?[0]?["declared"] == nil)
        _ = try await fleet.json("apply")
        #expect(try await fleet.writ("plan").stdout.contains(line))
        #expect(try await fleet.writ("status").stdout.contains(line))
        #expect(try await fleet.writ("override").stdout.contains("3 (no effect: 2 declared)"))
        for (command, schema) in [("plan", "plan"), ("override", "list"), ("status", "status")] {
            let shown = try await fleet.json(command)
            #expect(try MachineFormat.violations(of: shown, schema).isEmpty)
            #expect((shown["overrides"] ?? shown["items"])?[0]?["declared"]?.int == 2, "\(shown)")
        }
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 9")
        #expect(try await fleet.writ("plan").stdout.contains("spec.limits.maxSteps = 3 by ada: costs"))
    }

    @Test("A suspension is shown in every plan and form, survives applies, and goes when it is ended")
    func suspended() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let unsaid = try await fleet.writ("suspend", "trigger/every-minute")
        #expect(unsaid.status == 1 && unsaid.stderr.contains("--reason TEXT"), "\(unsaid)")
        for (until, part) in [
            ("0s", "--until 0s: it must be more than zero"), ("99999999d", "--until 99999999d is over ten years"),
            ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z is past"),
            ("3000-01-01T00:00:00Z", "3000-01-01T00:00:00Z is over ten years from now"),
        ] {
            let refused = try await fleet.writ("suspend", "trigger/every-minute", "--reason", "x", "--until", until)
            #expect(refused.status == 1 && refused.stderr.contains(part), "\(refused)")
        }
        let set = try await fleet.json("suspend", "trigger/every-minute", "--reason", "too noisy", "--until", "2h")
        #expect(set["items"]?[0]?["path"] == "/spec/suspend")
        #expect(set["items"]?[0]?["actor"] == "ada")
        #expect(set["items"]?[0]?["until"] != nil)
        let twice = try await fleet.writ(
            "override", "agent/greeter", "spec.limits.concurrency=2", "spec.limits.concurrency=1", "--reason", "costs")
        #expect(twice.status == 1 && twice.stderr.contains("spec.limits.concurrency is given twice"), "\(twice)")
        _ = try await fleet.json(
            "override", "agent/greeter", "spec.limits.concurrency=1", "spec.limits.maxSteps=1", "--reason", "costs")

        try fleet.commit(["agents/note.txt": "Nothing.\n"])
        let unchanged = try await fleet.writ("plan")
        #expect(unchanged.stdout.contains("No changes"), "\(unchanged)")
        #expect(unchanged.stdout.contains("Overridden by hand, and staying so:"), "\(unchanged)")
        #expect(unchanged.stdout.contains("Agent/greeter spec.limits.concurrency = 1 by ada: costs"), "\(unchanged)")
        try fleet.edit("triggers/every-minute.yaml", "agent: greeter", "agent: greeter\n  priority: 3")
        let plan = try await fleet.json("plan")
        #expect(plan["overrides"]?.array?.count == 3)
        let markdown = try await fleet.writ("plan", "-o", "markdown")
        #expect(markdown.stdout.contains("Trigger/every-minute spec.suspend = true by ada until "), "\(markdown)")
        #expect(plan.value(atPath: "impact.schedules.0") == nil)
        let timed = try fleet.read("triggers/every-minute.yaml").replacing("* * * * *", with: "*/2 * * * *")
        try fleet.commit(["triggers/every-minute.yaml": timed])
        let later = try await fleet.json("plan")
        #expect(later["impact"]?["schedules"]?[0]?["suspendedByHand"]?["name"] == "every-minute", "\(later)")
        #expect(try MachineFormat.violations(of: later, "plan").isEmpty)
        let shown = try await fleet.writ("plan")
        #expect(
            shown.stdout.contains("none of them runs while Trigger/every-minute is suspended by hand by ada until"),
            "\(shown)")
        #expect(try await fleet.json("apply")["overrides"]?.array?.count == 3)

        let kept = try fleet.read("triggers/every-minute.yaml")
        try fleet.commit(["triggers/every-minute.yaml": nil])
        let gone = try await fleet.writ("plan")
        let lines = gone.stdout.split(separator: "\n").map(String.init)
        let heading = try #require(lines.firstIndex(of: "Overridden by hand, and deleted here:"), "\(gone)")
        #expect(lines[heading + 1].hasPrefix("  Trigger/every-minute spec.suspend = true by ada until "))
        #expect(gone.stdout.components(separatedBy: "Trigger/every-minute spec.suspend").count == 2, "\(gone)")
        try fleet.commit(["triggers/every-minute.yaml": kept])

        let status = try await fleet.writ("status")
        #expect(status.stdout.contains("Overridden  Agent/greeter spec.limits.concurrency = 1"), "\(status)")
        #expect(status.stdout.contains("every-minute suspended"), "\(status)")
        let trigger = try await fleet.json("get", "trigger", "every-minute")
        #expect(trigger["items"]?[0]?.value(atPath: "status.state") == "suspended")
        #expect(trigger["items"]?[0]?["status"]?["overrides"]?[0]?["reason"] == "too noisy")
        #expect(trigger["items"]?[0]?["spec"]?["suspend"] == nil)

        #expect(try await fleet.json("resume", "trigger/every-minute")["items"] == [])
        let ended = try await fleet.json("override", "agent/greeter", "spec.limits.maxSteps", "--end")
        #expect(ended["items"]?.array?.count == 1)
        #expect(try await fleet.writ("override").stdout.contains("spec.limits.concurrency"))
        #expect(try await fleet.json("override", "agent/greeter", "--end")["items"] == [])
        #expect(try await fleet.writ("override").stdout == "nothing is overridden by hand\n")
        // What is wrong with the fields is told before anybody has to say why.
        let unknown = try await fleet.writ("override", "agent/greeter", "spec.limits.maxStep=1")
        #expect(unknown.status == 1 && !unknown.stderr.contains("--reason"), "\(unknown)")
        let silent = try await fleet.writ("override", "agent/greeter", "spec.limits.maxSteps=1")
        #expect(silent.status == 1 && silent.stderr.contains("--reason TEXT"), "\(silent)")
        let again = try await fleet.writ("resume", "trigger/every-minute")
        #expect(again.status == 1 && again.stderr.contains("is not overridden by hand"), "\(again)")
    }

    @Test("While it is served, the server does it: a suspended agent refuses work at once, and goes on afterwards")
    func served() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("applied a revision")
        let loosened = try await fleet.writ("override", "agent/greeter", "spec.limits.concurrency=99", "--reason", "x")
        #expect(loosened.status == 1 && loosened.stderr.contains("may only lower it"), "\(loosened)")
        let unknown = try await fleet.writ("suspend", "agent/greter", "--reason", "x")
        #expect(unknown.status == 1 && unknown.stderr.contains("did you mean greeter?"), "\(unknown)")
        _ = try await fleet.json("suspend", "agent/greeter", "--reason", "it loops")
        let refused = try await fleet.writ("run", "agent/greeter", "--input", "Hello")
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("agent greeter is suspended by hand by ada: it loops"), "\(refused)")
        let page = try await serve.get("/")
        #expect(page.text.contains("Overridden by hand") && page.text.contains("it loops"), "\(page.text)")
        #expect(try await serve.json("/api/v1/status")["overrides"]?.array?.count == 1)
        _ = try await fleet.json("resume", "agent/greeter")
        #expect(try await fleet.json("run", "agent/greeter", "--input", "Hello")["state"] == "succeeded")
        #expect(try await serve.terminate() == 0)
    }
}
