import Outbound
import Runtime
import Spec
import State
import Testing
import Values

/// Slack: signed requests, commands, challenges, and what the app said itself.
@Suite struct SlackSenderTests {
    private let desk: SenderDesk

    init() throws { desk = try SenderDesk() }

    private func slack(
        _ body: String, type: String = "application/json", at offset: Int64 = 0,
        secret: String = SenderDesk.slackSecret,
        retry: Int? = nil
    ) throws -> InboxAnswer {
        let timestamp = String(desk.fixture.clock.now().seconds + offset)
        let signature = try HMACSignature(prefix: "v0=").sign(
            Array("v0:\(timestamp):\(body)".utf8), secret: Array(secret.utf8))
        return desk.send(
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
        desk.fixture.clock.set(Instant(seconds: 1_531_420_618))
        let body =
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
            + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
            + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        let answer = desk.send(
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
        let event = try #require(try desk.fixture.reader.event(id))
        #expect(event.summary.name == "command.webhook-collect")
        #expect(event.payload["user_name"]?.string == "roadrunner")
        #expect(event.payload["token"] == nil)
        #expect(!(event.headers.object ?? [:]).keys.contains("x-slack-signature"))
        #expect(try desk.fixture.runs().count == 1)
    }

    @Test func `Slack's timestamps count for five minutes each way (fault F107)`() throws {
        #expect(try slack(message, at: -301) == .unauthorized)
        #expect(try slack(message, at: 301) == .unauthorized)
        for timestamp in ["NaN", "", "-1", "1e9", "17672256000000"] {
            let signature = try HMACSignature(prefix: "v0=").sign(
                Array("v0:\(timestamp):\(message)".utf8), secret: Array(SenderDesk.slackSecret.utf8))
            let headers = [("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature)]
            #expect(desk.send("slack", headers, message) == .unauthorized, "\(timestamp)")
        }
        #expect(try slack(message, secret: "another") == .unauthorized)
        #expect(desk.send("slack", [("Content-Type", "application/json")], message) == .unauthorized)
        #expect(try desk.events().isEmpty)
        guard case .accepted(let id) = try slack(message, at: -299) else { throw Invalid(description: "refused") }
        // The same request once more, as somebody who listened could send it.
        #expect(try slack(message, at: -299) == .duplicate(event: id))
        #expect(try desk.fixture.runs().count == 1)
    }

    @Test func `A message of Slack's is named by where it was said, and known again by its id alone (fault F108)`()
        throws
    {
        guard case .accepted(let id) = try slack(message) else { throw Invalid(description: "refused") }
        #expect(try slack(message, at: 60) == .duplicate(event: id))
        // A repetition whose first try was lost is no repetition.
        let lost = message.replacing("Ev1", with: "Ev7")
        guard case .accepted = try slack(lost, retry: 1) else { throw Invalid(description: "a retry was dropped") }
        let event = try #require(try desk.events().first)
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
        #expect(try desk.events().isEmpty)
    }

    @Test func `A check of the certificate is answered and starts nothing`() throws {
        let form = "application/x-www-form-urlencoded"
        guard case .answered = try slack("ssl_check=1&token=xyz", type: form) else {
            throw Invalid(description: "refused")
        }
        #expect(try desk.events().isEmpty)
        // A command that says so, too, is a command.
        guard case .replied = try slack("ssl_check=1&command=%2Fx&trigger_id=1", type: form) else {
            throw Invalid(description: "dropped")
        }
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
        #expect(try desk.events().isEmpty)
        let another = body.replacing(fields, with: #""user":"U1""#)
        guard case .accepted = try slack(another) else { throw Invalid(description: "somebody's edit was dropped") }
    }

    @Test(
        "What the app took back starts nothing, and neither do its files",
        arguments: [
            #""type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"user":"U9","text":"x"}"#,
            #""type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"user":"U9","app_id":"A1"}"#,
            #""type":"message","subtype":"message_changed","channel":"C1","message":{"subtype":"tombstone","user":"USLACKBOT"},"previous_message":{"user":"U9","text":"x"}"#,
            #""type":"file_shared","file_id":"F1","user_id":"U9""#,
        ])
    func ownRest(fields: String) throws {
        let body = """
            {"api_app_id":"A1","type":"event_callback","event_id":"Ev5",
             "authorizations":[{"user_id":"U9","is_bot":true}],"event":{\(fields)}}
            """
        guard case .answered = try slack(body) else { throw Invalid(description: "taken") }
        #expect(try desk.events().isEmpty)
        let another = body.replacing(#"_id":"U9""#, with: #"_id":"U1""#).replacing(
            #""user":"U9""#, with: #""user":"U1""#
        )
        .replacing(#","app_id":"A1""#, with: "").replacing(#"[{"user_id":"U1""#, with: #"[{"user_id":"U9""#)
        guard case .accepted = try slack(another) else { throw Invalid(description: "somebody's was dropped") }
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
        #expect(try desk.events().map(\.summary.name) == [type])
    }

    @Test func `Slack's challenge is answered only when it is signed`() throws {
        let body = #"{"type":"url_verification","token":"t","challenge":"3eZbrw1aB"}"#
        #expect(try slack(body) == .answered(InboxReply(contentType: "text/plain", body: "3eZbrw1aB")))
        #expect(try slack(body, secret: "another") == .unauthorized)
        #expect(try desk.events().isEmpty)
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
}
