import Crypto
import Foundation
import Outbound
import Runtime
import Spec
import State
import Testing
import Values

/// Slack, Telegram, Standard Webhooks and CloudEvents, each with its own way to sign, to name and to be answered.
@Suite struct SenderTests {
    private static let slackSecret = "8f742231b10e8888abcd99yyyzzz85a5"
    private static let key = Curve25519.Signing.PrivateKey()
    private static let secrets = [
        "SLACK": slackSecret, "TELEGRAM": "a-Secret_Token", "SPACED": "not a token", "CLOUD": "cloud token",
        "STANDARD": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "PUBLIC": "whpk_" + Data(key.publicKey.rawRepresentation).base64EncodedString(), "BROKEN": "whsec_?",
    ]

    private let fixture: RuntimeFixture
    private let inbox: Inbox

    init() throws {
        func trigger(_ name: String, _ source: String, _ secret: String) -> String {
            RuntimeFixture.trigger(name, "webhook: {source: \(source), secret: \(secret)}")
        }
        fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                trigger("slack", "slack", "{env: SLACK}"), trigger("telegram", "telegram", "{env: TELEGRAM}"),
                trigger("spaced", "telegram", "{env: SPACED}"),
                trigger("standard", "standard", "[{env: STANDARD}, {env: PUBLIC}]"),
                trigger("broken", "standard", "{env: BROKEN}"), trigger("cloud", "cloudevents", "{env: CLOUD}")))
        inbox = Inbox(
            store: fixture.store, catalogs: fixture.catalogs,
            secrets: { reference in
                guard case .environment(let name) = reference.source, let secret = Self.secrets[name] else {
                    throw Invalid(description: "no such secret")
                }
                return secret
            }, clock: fixture.clock, metrics: fixture.metrics, logger: fixture.logger)
    }

    private func send(_ trigger: String, _ headers: [(String, String)], _ body: String) -> InboxAnswer {
        inbox.receive(endpoint: .trigger(trigger), headers: headers, body: Array(body.utf8))
    }

    private func events() throws -> [Event] {
        try fixture.reader.events().items.reversed().compactMap { try fixture.reader.event($0.id) }
    }

    // MARK: Slack

    private func slack(
        _ body: String, type: String = "application/json", at offset: Int64 = 0, secret: String = slackSecret,
        retry: Int? = nil
    ) throws -> InboxAnswer {
        let timestamp = String(fixture.clock.now().seconds + offset)
        let signature = try HMACSignature(prefix: "v0=").sign(
            Array("v0:\(timestamp):\(body)".utf8), secret: Array(secret.utf8))
        return send(
            "slack",
            [("Content-Type", type), ("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature)]
                + (retry.map { [("X-Slack-Retry-Num", "\($0)"), ("X-Slack-Retry-Reason", "http_timeout")] } ?? []), body
        )
    }

    private let message = """
        {"token":"old","team_id":"T1","api_app_id":"A1","type":"event_callback","event_id":"Ev1","event_time":1,
         "authorizations":[{"user_id":"U9","is_bot":true}],
         "event":{"type":"message","channel_type":"im","user":"U1","text":"hello","ts":"1.1"}}
        """

    @Test func `Slack's documented vector opens the door, and its command is answered and kept`() throws {
        fixture.clock.set(Instant(seconds: 1_531_420_618))
        let body =
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
            + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
            + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        let answer = send(
            "slack",
            [
                ("Content-Type", "application/x-www-form-urlencoded"), ("X-Slack-Request-Timestamp", "1531420618"),
                (
                    "X-Slack-Signature",
                    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
                ),
            ], body)
        guard case .replied(let id, let reply) = answer else { throw Invalid(description: "\(answer)") }
        #expect(reply.body.contains("ephemeral"))
        let event = try #require(try fixture.reader.event(id))
        #expect(event.summary.name == "command.webhook-collect")
        #expect(event.payload["user_name"]?.string == "roadrunner")
        #expect(event.payload["token"] == nil)
        #expect(!(event.headers.object ?? [:]).keys.contains("x-slack-signature"))
        #expect(try fixture.runs().count == 1)
    }

    @Test func `Slack's timestamps count for five minutes each way (fault F107)`() throws {
        #expect(try slack(message, at: -301) == .unauthorized)
        #expect(try slack(message, at: 301) == .unauthorized)
        for timestamp in ["NaN", "", "-1", "1e9", "17672256000000"] {
            let signature = try HMACSignature(prefix: "v0=").sign(
                Array("v0:\(timestamp):\(message)".utf8), secret: Array(Self.slackSecret.utf8))
            let headers = [("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature)]
            #expect(send("slack", headers, message) == .unauthorized, "\(timestamp)")
        }
        #expect(try slack(message, secret: "another") == .unauthorized)
        #expect(send("slack", [("Content-Type", "application/json")], message) == .unauthorized)
        #expect(try events().isEmpty)
        guard case .accepted(let id) = try slack(message, at: -299) else { throw Invalid(description: "refused") }
        // The same request once more, as somebody who listened could send it.
        #expect(try slack(message, at: -299) == .duplicate(event: id))
        #expect(try fixture.runs().count == 1)
    }

    @Test func `A message of Slack's is named by where it was said, and known again by its id alone (fault F108)`()
        throws
    {
        guard case .accepted(let id) = try slack(message) else { throw Invalid(description: "refused") }
        #expect(try slack(message, at: 60) == .duplicate(event: id))
        // A repetition whose first try was lost is no repetition.
        let lost = message.replacing("Ev1", with: "Ev7")
        guard case .accepted = try slack(lost, retry: 1) else { throw Invalid(description: "a retry was dropped") }
        let event = try #require(try events().first)
        #expect(event.summary.name == "message.im")
        #expect(event.payload["event"]?["text"]?.string == "hello")
        #expect(event.payload["token"] == nil)
    }

    @Test(
        "What the app said itself starts nothing",
        arguments: [
            #""app_id":"A1","bot_id":"B1""#, #""bot_profile":{"app_id":"A1"}"#, #""user":"U9""#,
        ])
    func ownMessages(fields: String) throws {
        let body = """
            {"api_app_id":"A1","type":"event_callback","event_id":"Ev2",
             "authorizations":[{"user_id":"U9","is_bot":true}],"event":{"type":"message",\(fields),"text":"x"}}
            """
        guard case .answered = try slack(body) else { throw Invalid(description: "taken") }
        #expect(try events().isEmpty)
    }

    @Test(
        "An edit of what the app said itself starts nothing",
        arguments: [
            #""app_id":"A1","bot_id":"B1""#, #""bot_profile":{"app_id":"A1"}"#, #""user":"U9""#,
        ])
    func ownEdits(fields: String) throws {
        let body = """
            {"api_app_id":"A1","type":"event_callback","event_id":"Ev3",
             "authorizations":[{"user_id":"U9","is_bot":true}],
             "event":{"type":"message","subtype":"message_changed","channel":"C1","message":{\(fields),"text":"x"}}}
            """
        guard case .answered = try slack(body) else { throw Invalid(description: "taken") }
        #expect(try events().isEmpty)
        let another = body.replacing(fields, with: #""user":"U1""#)
        guard case .accepted = try slack(another) else { throw Invalid(description: "somebody's edit was dropped") }
    }

    @Test(
        "That the app came or went is told, which it says nothing by",
        arguments: [
            "member_joined_channel", "member_left_channel",
        ])
    func ownComingAndGoing(type: String) throws {
        let body = """
            {"api_app_id":"A1","type":"event_callback","event_id":"Ev4",
             "authorizations":[{"user_id":"U9","is_bot":true}],"event":{"type":"\(type)","user":"U9","channel":"C1"}}
            """
        guard case .accepted = try slack(body) else { throw Invalid(description: "dropped") }
        #expect(try events().map(\.summary.name) == [type])
    }

    @Test func `Slack's challenge is answered only when it is signed`() throws {
        let body = #"{"type":"url_verification","token":"t","challenge":"3eZbrw1aB"}"#
        #expect(try slack(body) == .answered(InboxReply(contentType: "text/plain", body: "3eZbrw1aB")))
        #expect(try slack(body, secret: "another") == .unauthorized)
        #expect(try events().isEmpty)
    }

    @Test(
        "Nothing that Slack may sign traps",
        arguments: ["[]", "1", "{}", #"{"type":[]}"#, #"{"type":"event_callback"}"#])
    func oddSlack(body: String) throws {
        guard case .badRequest = try slack(body) else { throw Invalid(description: body) }
        guard case .badRequest = try slack(body, type: "application/x-www-form-urlencoded") else {
            throw Invalid(description: body)
        }
    }

    // MARK: Telegram

    private func telegram(_ body: String, token: String? = "a-Secret_Token") -> InboxAnswer {
        send("telegram", token.map { [("X-Telegram-Bot-Api-Secret-Token", $0)] } ?? [], body)
    }

    @Test func `Telegram shows its token, and updates are known by their number in any order (fault F110)`() throws {
        let update = #"{"update_id":7,"message":{"message_id":1,"chat":{"id":-5,"type":"supergroup"},"text":"hi"}}"#
        #expect(telegram(update, token: nil) == .unauthorized)
        #expect(telegram(update, token: "a-Secret_Tokem") == .unauthorized)
        guard case .accepted(let id) = telegram(update) else { throw Invalid(description: "refused") }
        #expect(telegram(update) == .duplicate(event: id))
        #expect(try events().map(\.summary.name) == ["message.supergroup"])
        let query = #"{"update_id":8,"callback_query":{"id":"q","message":{"chat":{"id":5,"type":"private"}}}}"#
        guard case .accepted = telegram(query) else { throw Invalid(description: "refused") }
        #expect(try events().map(\.summary.name).last == "callback_query.private")
        let late = #"{"update_id":3,"message":{"message_id":0,"chat":{"id":-5,"type":"supergroup"},"text":"late"}}"#
        guard case .accepted = telegram(late) else { throw Invalid(description: "refused") }
    }

    @Test(
        "An update without a number, or with two things, is no update",
        arguments: [
            "[]", "{}", #"{"update_id":1}"#, #"{"update_id":"1","message":{}}"#,
            #"{"update_id":1,"message":{},"edited_message":{}}"#,
        ])
    func oddTelegram(body: String) {
        guard case .badRequest = telegram(body) else {
            Issue.record("\(body) was taken")
            return
        }
    }

    @Test func `A secret that can be none of the sender's lets nobody in`() {
        guard case .unavailable = send("spaced", [("X-Telegram-Bot-Api-Secret-Token", "not a token")], "{}"),
            case .unavailable = send("broken", [("webhook-id", "1")], "{}")
        else {
            Issue.record("somebody got in")
            return
        }
    }

    // MARK: Standard Webhooks

    private func standard(_ signature: String, id: String, at timestamp: Int64, _ body: String) -> InboxAnswer {
        send(
            "standard",
            [
                ("Webhook-Id", id), ("Webhook-Timestamp", String(timestamp)), ("Webhook-Signature", signature),
            ], body)
    }

    @Test func `Standard Webhooks' documented vector opens the door`() throws {
        fixture.clock.set(Instant(seconds: 1_614_265_330))
        let answer = standard(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at: 1_614_265_330, #"{"test": 2432232314}"#)
        guard case .accepted = answer else { throw Invalid(description: "\(answer)") }
        #expect(try events().map(\.summary.name) == ["webhook"])
    }

    @Test func `An ed25519 signature by the sender's key is as good, by another one it is not`() throws {
        let body = #"{"type":"invoice.paid","data":{}}"#
        let now = fixture.clock.now().seconds
        func signed(_ key: Curve25519.Signing.PrivateKey, _ id: String) throws -> String {
            "v1a," + Data(try key.signature(for: Data("\(id).\(now).\(body)".utf8))).base64EncodedString()
        }
        #expect(standard(try signed(Curve25519.Signing.PrivateKey(), "m1"), id: "m1", at: now, body) == .unauthorized)
        #expect(standard(try signed(Self.key, "m2"), id: "m1", at: now, body) == .unauthorized)
        #expect(standard(try signed(Self.key, "m1"), id: "m1", at: now - 301, body) == .unauthorized)
        let right = "v1,AAAA " + (try signed(Self.key, "m1"))
        guard case .accepted(let id) = standard(right, id: "m1", at: now, body) else {
            throw Invalid(description: "refused")
        }
        #expect(standard(right, id: "m1", at: now, body) == .duplicate(event: id))
        #expect(try events().map(\.summary.name) == ["invoice.paid"])
    }

    // MARK: CloudEvents

    private func cloud(
        _ headers: [(String, String)], _ body: String, token: String = "Bearer cloud token"
    ) -> InboxAnswer {
        send("cloud", [("Authorization", token)] + headers, body)
    }

    private func event(_ id: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/files","type":"com.example.file.created","data":{"n":1}}"#
    }

    @Test func `A CloudEvent is the same event, structured or binary`() throws {
        let structured = [("Content-Type", "application/cloudevents+json; charset=utf-8")]
        #expect(cloud(structured, event("1"), token: "Bearer wrong") == .unauthorized)
        guard case .accepted(let id) = cloud(structured, event("1")) else { throw Invalid(description: "refused") }
        let binary = [
            ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-type", "com.example.file.created"),
            ("CE-Source", "/files"), ("ce-id", "2"), ("ce-subject", "a%20b"),
        ]
        guard case .accepted(let other) = cloud(binary, #"{"n":1}"#) else { throw Invalid(description: "refused") }
        #expect(cloud(binary, #"{"n":1}"#) == .duplicate(event: other))
        #expect(id != other)
        let events = try events()
        #expect(events.map(\.summary.name) == ["com.example.file.created", "com.example.file.created"])
        #expect(events.map { $0.payload["data"] } == [["n": 1], ["n": 1]])
        #expect(events.last?.payload["subject"]?.string == "a b")
    }

    /// The same event in other words: with another order of members, in headers, as base64.
    private static let sameEvents: [(headers: [(String, String)], body: String)] = [
        (
            [("Content-Type", "application/cloudevents+json")],
            #"{"data":{"n":1,"a":[]},"type":"t","source":"/s","id":"1","specversion":"1.0","count":7,"#
                + #""time":"2026-01-01T01:00:00+01:00","datacontenttype":"application/json; charset=utf-8"}"#
        ),
        (
            [
                ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-id", "1"),
                ("ce-source", "/s"), ("ce-time", "2026-01-01T00:00:00Z"), ("ce-count", "7"),
            ], #"{"a": [], "n": 1}"#
        ),
        (
            [("Content-Type", "application/cloudevents+json")],
            #"{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-01-01T00:00:00Z","count":"7","#
                + #""data_base64":"eyJhIjpbXSwibiI6MX0=","subject":null}"#
        ),
    ]

    @Test func `A CloudEvent that comes again in another mode is a duplicate, and another one is a conflict`() throws {
        var first: String?
        for (headers, body) in Self.sameEvents {
            let answer = cloud(headers, body)
            if let first {
                #expect(answer == .duplicate(event: first), "\(body)")
            } else if case .accepted(let id) = answer {
                first = id
            }
        }
        let id = try #require(first)
        let (headers, body) = Self.sameEvents[1]
        #expect(cloud(headers, body.replacing("1", with: "2")) == .conflict(event: id))
        #expect(cloud(headers + [("ce-subject", "other")], body) == .conflict(event: id))
        #expect(
            cloud(
                [("Content-Type", "application/cloudevents-batch+json")], "[\(Self.sameEvents[0].body)]")
                == .duplicate(event: id))
    }

    @Test(
        "What CloudEvents forbids is refused",
        arguments: [
            #""data":1,"data_base64":"MQ==""#, #""data_base64":"M""#, #""data_base64":"M?==""#, #""data_base64":1"#,
            #""time":"yesterday""#, #""time":"2026-01-01""#, #""time":1"#, #""Subject":"x""#, #""my-word":"x""#,
            #""my_word":"x""#, #""":"x""#,
        ])
    func forbiddenInCloudEvents(member: String) throws {
        let body = event("1").replacing(#","data":{"n":1}"#, with: ",\(member)")
        guard case .badRequest = cloud([("Content-Type", "application/cloudevents+json")], body) else {
            throw Invalid(description: "\(body) was taken")
        }
    }

    @Test(
        "What CloudEvents forbids in headers is refused",
        arguments: [
            ("ce-datacontenttype", "application/json"), ("ce-time", "yesterday"), ("ce-my-word", "x"),
            ("ce-data", "x"), ("ce-", "x"),
        ])
    func forbiddenInHeaders(name: String, value: String) throws {
        let headers = [
            ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-id", "1"),
            ("ce-source", "/s"),
        ]
        guard case .badRequest = cloud(headers + [(name, value)], "{}") else {
            throw Invalid(description: "\(name) was taken")
        }
    }

    @Test func `A sender cannot say what only writ says in its own headers`() throws {
        let headers = [
            ("Content-Type", "application/cloudevents+json"), ("Writ-Replay-Of", "evt_0"), ("writ-depth", "5"),
            ("X-Other", "kept"),
        ]
        guard case .accepted = cloud(headers, event("1")) else { throw Invalid(description: "refused") }
        let stored = try #require(try events().first?.headers.object)
        #expect(stored["x-other"]?.string == "kept")
        #expect(stored["writ-replay-of"] == nil)
        #expect(stored["writ-depth"] == nil)
    }

    @Test func `A batch is several events, and is known again one by one`() throws {
        let batch = [("Content-Type", "application/cloudevents-batch+json")]
        guard case .acceptedBatch(let first) = cloud(batch, "[\(event("1")),\(event("2"))]") else {
            throw Invalid(description: "refused")
        }
        guard case .acceptedBatch(let second) = cloud(batch, "[\(event("2")),\(event("3"))]") else {
            throw Invalid(description: "refused")
        }
        #expect(first.count == 2)
        #expect(second.first == first.last)
        #expect(try events().count == 3)
        #expect(try fixture.runs().count == 3)
        // Nothing of it is new, as of one that comes again.
        #expect(cloud(batch, "[\(event("1")),\(event("3"))]") == .duplicateBatch(events: [first[0], second[1]]))
        #expect(try events().count == 3)
        guard case .answered = cloud(batch, "[]") else { throw Invalid(description: "an empty batch") }
    }

    @Test func `A batch is stored as a whole, or not at all where one of its ids came with another body`() throws {
        let batch = [("Content-Type", "application/cloudevents-batch+json")]
        guard case .acceptedBatch(let first) = cloud(batch, "[\(event("1")),\(event("2"))]") else {
            throw Invalid(description: "refused")
        }
        let other = event("2").replacing("{\"n\":1}", with: "{\"n\":2}")
        try #require(other != event("2"))
        let refused = cloud(batch, "[\(event("3")),\(other),\(event("4"))]")
        #expect(refused == .conflictInBatch(place: 2, event: first[1]))
        #expect(try events().count == 2)
        #expect(try fixture.runs().count == 2)
        #expect(try fixture.reader.queueCounts().runs[.queued] == 2)
        // Without it, all of the rest is stored.
        guard case .acceptedBatch(let rest) = cloud(batch, "[\(event("3")),\(event("4"))]") else {
            throw Invalid(description: "refused")
        }
        #expect(rest.count == 2)
        #expect(try events().count == 4)
        let twice = event("5").replacing("{\"n\":1}", with: "{\"n\":2}")
        #expect(cloud(batch, "[\(event("5")),\(twice)]") == .conflictInBatch(place: 2, event: nil))
        #expect(try events().count == 4)
        #expect(fixture.metrics.snapshot.eventsRefused == [.conflict: 2])
    }

    @Test(
        "What is no CloudEvent is the sender's to put right",
        arguments: [
            ("application/cloudevents+json", "{}"), ("application/cloudevents+json", #"{"specversion":"0.3"}"#),
            ("application/cloudevents+json", #"{"specversion":"1.0","id":"","source":"a","type":"b"}"#),
            ("application/cloudevents+json", #"{"specversion":"1.0","id":"1","source":"a","type":"b c"}"#),
            ("application/cloudevents-batch+json", "{}"), ("application/cloudevents+avro", "x"),
            ("application/json", "{}"),
        ])
    func oddCloudEvents(type: String, body: String) {
        guard case .badRequest = cloud([("Content-Type", type)], body) else {
            Issue.record("\(body) was taken")
            return
        }
    }
}
