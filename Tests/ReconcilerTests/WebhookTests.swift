import HTTPTestSupport
import Outbound
import Synchronization
import TestSupport
import Testing
import Values

@Suite("From a webhook to a delivery")
struct WebhookTests {
    private static let hookSecret = "It's a Secret to Everybody"
    private static let channelSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let path = "/hooks/repositories/signals"

    /// The research desk, whose signed channel is at `receiver`.
    private func desk(_ receiver: String) throws -> Fleet {
        var files = try Examples.files("research-desk")
        files["channels/desk-hook.yaml"] = """
            apiVersion: writ/v1
            kind: Channel
            metadata: {name: desk-hook}
            spec:
              webhook: {url: "\(receiver)/in", secret: {env: DESK_HOOK_SECRET}, allowPrivateNetworks: true}

            """
        var desk = try Fleet(files)
        desk.environment = ["SIGNALS_WEBHOOK_SECRET": Self.hookSecret, "DESK_HOOK_SECRET": Self.channelSecret]
        return desk
    }

    @Test("A pull request as GitHub sends it becomes a run and a signed message, once")
    func isDelivered() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(204) }).run { receiver in
            let serve = try await desk(receiver.url).serve()
            try await serve.logged("applied a revision")
            let body = try Examples.pullRequest("research-desk")
            #expect(body.count > 20 << 10)
            let accepted = try await serve.sendPullRequest(
                body, to: Self.path, secret: Self.hookSecret, delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958")
            #expect(accepted.status == 202, "\(accepted)")
            let event = try #require(try accepted.json["event"]?.string)

            let run = try await serve.onlyRun("succeeded")
            #expect(run["trigger"]?.string == "triage-signals")
            #expect(run["event"]?.string == event)
            #expect(run["model"]?.string == "replay")
            #expect(run["revision"]?.int == 1)
            #expect(run.value(atPath: "tokens.total")?.int == 453)
            let asked = try #require(run["steps"]?[0]?["request"]?.canonicalText)
            #expect(asked.contains("Pull request 2 in example-desk/signals"), "\(asked)")
            try await verify(receiver, run)

            let again = try await serve.sendPullRequest(
                body, to: Self.path, secret: Self.hookSecret, delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958")
            #expect(again.status == 200, "\(again)")
            #expect(try again.json["event"]?.string == event)
            // The runs of an event are stored with it: there is nothing to wait for.
            #expect(try await serve.runs().count == 1)
            #expect(try await serve.terminate() == 0)
            #expect(receiver.requests.count == 1)
        }
    }

    /// One message has come, signed by Standard Webhooks, and the run's record says so.
    private func verify(_ receiver: HTTPTestServer, _ run: JSON) async throws {
        try await waitUntil("the message") { !receiver.requests.isEmpty }
        let message = try #require(receiver.requests.first)
        let timestamp = try #require(message.values("webhook-timestamp").first.flatMap(Int64.init))
        let verdict = try StandardWebhooks(secrets: [Self.channelSecret]).verify(
            id: message.values("webhook-id").first, timestamp: String(timestamp),
            signature: message.values("webhook-signature").first, body: message.body, now: Instant(seconds: timestamp))
        #expect(verdict == .valid)
        #expect(message.method == "POST")
        #expect(message.target == "/in")
        let json = try JSON(parsing: message.body)
        #expect(json["type"]?.string == "run.succeeded")
        #expect(json["data"]?["run"] == run["id"])
        #expect(json["data"]?["output"]?.string?.hasPrefix("Area: signals. Risk: medium") == true)
        #expect(json["data"]?["output"] == run["output"])
    }

    @Test("The record of a delivery says that it arrived, and the log and the state hold no secret")
    func isRecorded() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(204) }).run { receiver in
            let desk = try desk(receiver.url)
            let serve = try await desk.serve()
            try await serve.logged("applied a revision")
            let body = try Examples.pullRequest("research-desk")
            _ = try await serve.sendPullRequest(body, to: Self.path, secret: Self.hookSecret, delivery: "1")
            try await serve.logged("a message was delivered")
            let run = try await serve.onlyRun("succeeded")
            #expect(run["deliveries"]?[0]?["state"]?.string == "delivered")
            #expect(run["deliveries"]?[0]?["responseStatus"]?.int == 204)
            #expect(try await serve.terminate() == 0)
            let listed = try await desk.writ("runs")
            #expect(listed.stdout.contains("triage-signals"), "\(listed)")
            let events = try await desk.json("events")
            #expect(events["items"]?[0]?["name"]?.string == "pull_request.opened")
            for text in [serve.process.stderr, String(decoding: try desk.stateBytes(), as: UTF8.self)] {
                #expect(!text.contains(Self.hookSecret))
                #expect(!text.contains(Self.channelSecret))
            }
        }
    }

    @Test("What is not signed rightly is answered with 401, and nothing is stored")
    func isRefused() async throws {
        let serve = try await desk("http://127.0.0.1:9").serve()
        try await serve.logged("applied a revision")
        let body = try Examples.pullRequest("research-desk")
        let right = try HMACSignature.github.sign(body, secret: Array(Self.hookSecret.utf8))
        let wrong = try HMACSignature.github.sign(body, secret: Array("another secret".utf8))
        let signatures = [
            nil, "", "sha256=", "sha256=zz", wrong, String(right.dropLast()), "sha1=" + right.dropFirst(7),
        ]
        for signature in signatures {
            let reply = try await serve.send(body, to: Self.path, delivery: "1", signature: signature)
            #expect(reply.status == 401, "\(signature ?? "none"): \(reply)")
        }
        let changed = try await serve.send(body + [0x20], to: Self.path, delivery: "1", signature: right)
        #expect(changed.status == 401, "\(changed)")
        #expect(try await serve.json("/api/v1/events")["items"] == [])
        #expect(try await serve.runs().isEmpty)
        // The same delivery, signed, is no duplicate.
        let signed = try await serve.send(body, to: Self.path, delivery: "1", signature: right)
        #expect(signed.status == 202, "\(signed)")
        #expect(try await serve.terminate() == 0)
    }

    @Test("GitHub's documented signature is taken: its body is then found to be no JSON")
    func isDocumentedVector() async throws {
        let serve = try await desk("http://127.0.0.1:9").serve()
        try await serve.logged("applied a revision")
        let reply = try await serve.send(
            Array("Hello, World!".utf8), to: Self.path, delivery: "1",
            signature: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
        #expect(reply.status == 400, "\(reply)")
        #expect(try await serve.terminate() == 0)
    }

    @Test("A Repository and a channel that are renamed go on: duplicates are told, and what waits arrives")
    func isRenamed() async throws {
        let fails = Fails()
        try await HTTPTestServer.answering({ _ in
            HTTPTestReply(fails.now ? 500 : 204)
        }).run { receiver in
            let desk = try desk(receiver.url)
            let serve = try await desk.serve("--interval", "1s")
            try await serve.logged("applied a revision")
            let body = try Examples.pullRequest("research-desk")
            func send(_ repository: String) async throws -> HTTPReply {
                try await serve.sendPullRequest(
                    body, to: "/hooks/repositories/\(repository)", secret: Self.hookSecret, delivery: "guid-1")
            }
            let event = try #require(try await send("signals").json["event"]?.string)
            try await serve.logged("a message was not delivered")
            var files: [String: String?] = [:]
            for path in try Examples.files("research-desk").keys where path.hasSuffix(".yaml") {
                let text = try desk.read(path)
                files[path] = text.replacing("deliver: [desk-hook", with: "deliver: [desk-bell")
                    .replacing("repository: signals", with: "repository: lights")
                    .replacing("  name: signals\n", with: "  name: lights\n  renamedFrom: signals\n")
                    .replacing("{name: desk-hook}", with: "{name: desk-bell, renamedFrom: desk-hook}")
            }
            try desk.commit(files)
            try await serve.logged("applied a revision", count: 2)
            fails.end()
            for repository in ["signals", "lights"] {
                let again = try await send(repository)
                #expect(again.status == 200, "\(again)")
                #expect(try again.json["event"]?.string == event)
            }
            try await serve.logged("a message was delivered")
            let run = try await serve.onlyRun("succeeded")
            #expect(run["deliveries"]?[0]?["channel"]?.string == "desk-bell")
            #expect(try await serve.terminate() == 0)
        }
    }

    @Test("A ping runs nothing, an unknown endpoint is 404, and a body over the limit 413")
    func isAnswered() async throws {
        let serve = try await desk("http://127.0.0.1:9").serve("--max-body", "20000")
        try await serve.logged("applied a revision")
        let ping = Array(#"{"zen": "Keep it logically awesome.", "hook_id": 1}"#.utf8)
        let signature = try HMACSignature.github.sign(ping, secret: Array(Self.hookSecret.utf8))
        let pong = try await serve.send(ping, to: Self.path, event: "ping", delivery: "1", signature: signature)
        #expect(pong.status == 200, "\(pong)")
        for path in ["/hooks/nothing", "/hooks/repositories/nothing", "/hooks/london-brief", "/hooks/../hooks"] {
            let reply = try await serve.send(ping, to: path, delivery: "2", signature: signature)
            #expect(reply.status == 404, "\(path): \(reply)")
        }
        let long = try await serve.sendPullRequest(
            try Examples.pullRequest("research-desk"), to: Self.path, secret: Self.hookSecret, delivery: "3")
        #expect(long.status == 413, "\(long)")
        #expect(try await serve.runs().isEmpty)
        #expect(try await serve.terminate() == 0)
    }
}

/// A receiver's trouble, until it is over.
private final class Fails: Sendable {
    private let state = Mutex(true)

    var now: Bool { state.withLock { $0 } }

    func end() { state.withLock { $0 = false } }
}
