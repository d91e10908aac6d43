import Foundation
import State
import TestSupport
import Testing
import Values

@Suite("Retrying, replaying and trying out")
struct OperationTests {
    private static let secret = "It's a Secret to Everybody"

    private func desk() throws -> Fleet {
        var desk = try Fleet(try Examples.files("research-desk"))
        desk.environment = ["SIGNALS_WEBHOOK_SECRET": Self.secret]
        return desk
    }

    @Test("An event is replayed through the server that runs, and its run can be retried or put aside")
    func replay() async throws {
        let desk = try desk()
        let serve = try await desk.serve()
        try await serve.logged("applied a revision")
        let sent = try await serve.sendPullRequest(
            try Examples.pullRequest("research-desk"), to: "/hooks/repositories/signals", secret: Self.secret,
            delivery: "d-1")
        let event = try #require(try sent.json["event"]?.string)
        let first = try await serve.onlyRun("succeeded")
        let replayed = try await desk.json("events", "replay", event)
        let run = try #require(replayed["runs"]?[0]?.string)
        #expect(replayed["event"]?.string != event)
        #expect(run != first["id"]?.string)
        try await waitUntil("the second run") {
            try await desk.json("runs")["items"]?.array?.filter { $0["state"]?.string == "succeeded" }.count == 2
        }
        let refused = try await desk.writ("runs", "retry", run)
        #expect(refused.status == 1)
        #expect(refused.stderr.contains("is succeeded: retry takes runs that are"), "\(refused)")
        let nobody = try await desk.writ("runs", "cancel", "run_nobody")
        #expect(nobody.status == 1)
        #expect(nobody.stderr.contains("there is no run run_nobody"), "\(nobody)")
        #expect(try await serve.terminate() == 0)

        // Where nobody serves, the command does it itself.
        let offline = try await desk.json("events", "replay", event, "--to", "triage-signals")
        let queued = try #require(offline["runs"]?[0]?.string)
        let named = try await desk.json("events", "replay", event, "--to", "trigger/triage-signals")
        #expect(named["runs"]?.array?.count == 1)
        let other = try await desk.writ("events", "replay", event, "--to", "agent/triage")
        #expect(other.status == 1 && other.stderr.contains("--to takes a trigger"), "\(other)")
        // The state of runs, or the state's file: what is meant can be told.
        #expect(try await desk.json("runs", "--state", "queued")["items"]?.array?.count == 2)
        #expect(try await desk.json("runs", "--status", "succeeded")["items"]?.array?.count == 2)
        #expect(try await desk.json("runs", "--state", desk.statePath)["items"]?.array?.count == 4)
        #expect(try await desk.writ("runs", "--state", "nowhere").status == 1)
        #expect(try await desk.json("runs", "--event", event)["items"]?.array?.count == 1)
        #expect(try await desk.writ("runs", "--event", "evt_nobody").stderr.contains("there is no event"))
        #expect(try await desk.writ("runs", "--tool", "nothing").stderr.contains("there is no Tool named"))
        #expect(try await desk.json("events", "--source", "github")["items"]?.array?.count == 4)
        #expect(try await desk.json("events", "--source", "slack")["items"]?.array?.count == 0)
        #expect(
            try await desk.json("events", "--endpoint", "repository/signals", "--source", "github")["items"]?.array?
                .count == 4)
        #expect(try await desk.json("events", "--endpoint", "trigger/none")["items"]?.array?.count == 0)
        #expect(try await desk.json("runs", "discard", queued)["operation"]?.string == "discard")
        #expect(try await desk.writ("runs", queued).stdout.contains("discarded by "))
        #expect(try await desk.writ("runs", "retry", queued).stdout == "\(queued) queued\n")
    }

    @Test("Missed instants of one row are run by name, or all of them, with a server and without")
    func missedInstants() async throws {
        var files = try Examples.files("quickstart")
        files["triggers/daily.yaml"] = """
            apiVersion: writ/v1
            kind: Trigger
            metadata: {name: daily}
            spec: {agent: greeter, schedule: {cron: '0 6 * * *', catchUp: none}}
            """
        let fleet = try Fleet(files)
        _ = try await fleet.json("apply")
        // As five days without a server leave it.
        let store = try StateStore.open(
            at: fleet.statePath, command: "a test", now: try #require(Instant(rfc3339: "2026-01-06T00:00:00Z")),
            identifiers: IdentifierGenerator(now: { 0 }, random: { .random(in: .min ... .max) }))
        let cursor = try #require(try store.reader.scheduleCursors()["daily"])
        let skipped = SkippedInstants(
            since: try #require(Instant(rfc3339: "2026-01-01T06:00:00Z")),
            instant: try #require(Instant(rfc3339: "2026-01-05T06:00:00Z")), count: 5, reason: "missed; catchUp none",
            target: .agent("greeter"), revision: 1)
        _ = try store.fire(
            ScheduleFiring(
                cursor: cursor, next: cursor.instant.advanced(by: .seconds(1)), skipped: [skipped], at: cursor.instant))
        let row = try #require(try store.reader.runs(Page(), RunFilter(state: .skipped)).items.first).id
        try store.close()

        let refused = try await fleet.writ("runs", "retry", row)
        #expect(refused.status == 1 && refused.stderr.contains("say with --instant which of them"), "\(refused)")
        #expect(try await fleet.writ("runs", "retry", row, "--instant", "noon").status == 1)
        #expect(try await fleet.writ("runs", "retry", row, "--all", "--instant", "2026-01-03T06:00:00Z").status != 0)
        let one = try await fleet.json("runs", "retry", row, "--instant", "2026-01-03T07:00:00+01:00")
        #expect(try MachineFormat.violations(of: one, "operation").isEmpty)
        #expect(one["runs"]?.array?.count == 1)
        #expect(one["instants"]?[0]?["run"] == one["runs"]?[0])
        #expect(one["instants"]?[0]?["scheduledAt"] == "2026-01-03T06:00:00Z" && one["left"] == nil)
        let serve = try await fleet.serve()
        let again = try await fleet.writ("runs", "retry", row, "--instant", "2026-01-03T06:00:00Z")
        #expect(again.status == 1 && again.stderr.contains("there is a run for it already"), "\(again)")
        let elsewhere = try await fleet.writ("runs", "retry", row, "--instant", "2026-01-04T06:00:00Z")
        #expect(
            elsewhere.status == 0 && elsewhere.stdout.hasSuffix(" queued for 2026-01-04T06:00:00Z\n"), "\(elsewhere)")
        let alone = try await fleet.writ("runs", "--trigger", "daily", "--state", "skipped")
        #expect(alone.stdout.contains("2026-01-05T06:00:00Z: missed; catchUp none"), "\(alone)")
        let rest = try await fleet.json("runs", "retry", row, "--all")
        #expect(rest["runs"]?.array?.count == 2)
        try await waitUntil("four runs") {
            try await fleet.json("runs", "--trigger", "daily", "--state", "succeeded")["items"]?.array?.count == 4
        }
        #expect(try await serve.terminate() == 0)
    }

    @Test("A body is tried out against the working tree, with no state and no secret")
    func tryOut() async throws {
        let desk = try desk()
        let body = desk.repository.directory.path("payload.json")
        try Data(try Examples.pullRequest("research-desk")).write(to: URL(fileURLWithPath: body))
        let tried = try await desk.writ(
            "events", "test", "payload.json", "--source", "github", "--header", "X-GitHub-Event: pull_request")
        #expect(tried.status == 0, "\(tried)")
        #expect(tried.stdout.contains("event pull_request.opened"), "\(tried)")
        #expect(tried.stdout.contains("+ Trigger/triage-signals runs Agent/"), "\(tried)")
        #expect(tried.stdout.contains("Pull request 2 in example-desk/signals"), "\(tried)")
        let json = try await desk.json(
            "events", "test", "payload.json", "--source", "github", "--header", "X-GitHub-Event: push")
        #expect(json["events"]?[0]?["triggers"]?[0]?["outcome"]?.string == "pass")
        let wrong = try await desk.writ("events", "test", "payload.json", "--source", "github")
        #expect(wrong.status == 1)
        #expect(wrong.stderr.contains("X-GitHub-Event is missing"), "\(wrong)")
        #expect(try await desk.writ("events", "test", "nowhere.json", "--source", "github").status == 1)
        #expect(!FileManager.default.fileExists(atPath: desk.statePath))
    }

    @Test("What says that a request is a CloudEvent is not guessed when one is tried out")
    func tryCloudEvent() async throws {
        let fleet = try Fleet([
            "all.yaml": """
            apiVersion: writ/v1
            kind: Tool
            metadata: {name: post}
            spec: {description: Posts., parameters: {type: object}, http: {method: POST, url: "https://example.com/"}}
            ---
            apiVersion: writ/v1
            kind: Trigger
            metadata: {name: on-event}
            spec: {tool: post, webhook: {source: cloudevents, secret: {env: HOOK}}, input: '{}'}
            """
        ])
        func tried(_ body: String, _ headers: String...) async throws -> CommandResult {
            try Data(body.utf8).write(to: URL(fileURLWithPath: fleet.repository.directory.path("body.json")))
            return try await fleet.writ(
                ["events", "test", "body.json", "--source", "cloudevents"] + headers.flatMap { ["--header", $0] })
        }
        let event = #"{"specversion":"1.0","type":"t","source":"/s","id":"1"}"#
        let bare = try await tried(event)
        #expect(bare.status == 1 && bare.stderr.contains("answered with 400: this is no CloudEvent"), "\(bare)")
        let structured = try await tried(event, "Content-Type: application/cloudevents+json")
        #expect(structured.stdout.contains("+ Trigger/on-event runs"), "\(structured)")
        let binary = try await tried(
            "{}", "ce-specversion: 1.0", "ce-type: t", "ce-source: /s", "ce-id: 1", "Content-Type: application/json")
        #expect(binary.stdout.contains("+ Trigger/on-event runs"), "\(binary)")
    }

    @Test("A form is tried out as one, without a word about its type")
    func tryForm() async throws {
        let fleet = try Fleet([
            "all.yaml": """
            apiVersion: writ/v1
            kind: Tool
            metadata: {name: ship}
            spec: {description: Ships., http: {method: POST, url: "https://example.com/"}}
            ---
            apiVersion: writ/v1
            kind: Trigger
            metadata: {name: deploy}
            spec:
              tool: ship
              webhook: {source: slack, events: [command.deploy], secret: {env: HOOK}}
              input: '{}'
            """
        ])
        try fleet.repository.directory.write("command.txt", "command=%2Fdeploy&text=now&trigger_id=1.2")
        let tried = try await fleet.writ("events", "test", "command.txt", "--source", "slack")
        #expect(tried.status == 0, "\(tried)")
        #expect(tried.stdout.contains("event command.deploy, id 1.2\n+ Trigger/deploy runs Tool/ship"), "\(tried)")
    }

    @Test("What a tool would be given is held to its parameters when an event is tried out")
    func tryTool() async throws {
        let fleet = try Fleet([
            "all.yaml": """
            apiVersion: writ/v1
            kind: Tool
            metadata: {name: post}
            spec:
              description: Posts a number.
              parameters: {type: object, properties: {number: {type: integer}}, required: [number]}
              http: {method: POST, url: "https://example.com/{{number}}"}
            ---
            apiVersion: writ/v1
            kind: Trigger
            metadata: {name: on-issue}
            spec:
              tool: post
              webhook: {source: generic, secret: {env: HOOK}}
              input: '{"number": {{payload.number}}}'
            """
        ])
        func tried(_ body: String) async throws -> CommandResult {
            try Data(body.utf8).write(to: URL(fileURLWithPath: fleet.repository.directory.path("body.json")))
            return try await fleet.writ("events", "test", "body.json", "--source", "generic")
        }
        let good = try await tried(#"{"number": 7}"#)
        #expect(good.status == 0 && good.stdout.contains(#"    {"number": 7}"#), "\(good)")
        let wrong = try await tried(#"{"number": "\"seven\""}"#)
        #expect(
            wrong.stdout.contains("it cannot be told: the arguments do not fit the tool's parameters: /number:"),
            "\(wrong)")
        let text = try await tried(#"{"number": "seven"}"#)
        #expect(text.stdout.contains("it cannot be told: the input of a tool must be a JSON object"), "\(text)")
    }
}
