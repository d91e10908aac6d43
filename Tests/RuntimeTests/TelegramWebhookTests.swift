import HTTPTestSupport
import Spec
import State
import Synchronization
import TestSupport
import Testing
import Values

/// Webhooks that writ keeps at Telegram.
@Suite(.timeLimit(.minutes(2))) struct TelegramWebhookTests {
    private typealias Kept = RegistrarFixture

    /// A bot, with answers in the form of the Bot API.
    private final class FakeTelegram: Sendable {
        private let content = Mutex<(info: JSONMembers, calls: [String], faults: [HTTPTestReply], set: JSON)>(
            (["url": "", "has_custom_certificate": false, "pending_update_count": 0], [], [], .null))

        var calls: [String] { content.withLock { $0.calls } }
        /// What `setWebhook` was last called with.
        var set: JSON { content.withLock { $0.set } }

        func tell(_ info: JSONMembers) { content.withLock { $0.info = $0.info.merging(info) } }
        func fail(with reply: HTTPTestReply) { content.withLock { $0.faults.append(reply) } }

        func answer(_ request: HTTPTestRequest) -> HTTPTestReply {
            content.withLock { content in
                let prefix = "/bot\(RegistrarFixture.botToken)/"
                guard request.target.hasPrefix(prefix) else {
                    return HTTPTestReply(404, #"{"ok":false,"error_code":404,"description":"Not Found"}"#)
                }
                let method = String(request.target.dropFirst(prefix.count))
                content.calls.append(method)
                if !content.faults.isEmpty { return content.faults.removeFirst() }
                switch method {
                case "setWebhook":
                    content.set = (try? JSON(parsing: request.body)) ?? .null
                    content.info["url"] = content.set["url"]
                    content.info["allowed_updates"] = content.set["allowed_updates"]
                case "deleteWebhook": content.info["url"] = ""
                default:
                    return HTTPTestReply(200, JSON.object(["ok": true, "result": .object(content.info)]).canonicalText)
                }
                return HTTPTestReply(200, #"{"ok":true,"result":true,"description":"Webhook was set"}"#)
            }
        }
    }

    private func trigger(_ name: String = "chat", token: String = "BOT", manage: Bool = true) -> String {
        RuntimeFixture.trigger(
            name,
            """
            webhook:
              source: telegram
              events: [message.private, callback_query]
              secret: {env: BOT_SECRET}
            \(manage ? "  manage: true\n  token: {env: \(token)}" : "")
            """)
    }

    @Test func `The bot's webhook is set as it is declared, once, and removed with the manifest`() async throws {
        let telegram = FakeTelegram()
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(trigger()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                try await fixture.lookAgain()
                #expect(
                    telegram.set == [
                        "url": "https://writ.example.com/hooks/chat", "secret_token": .string(Kept.botSecret),
                        "allowed_updates": ["callback_query", "message"],
                    ])
                #expect(telegram.calls == ["getWebhookInfo", "setWebhook", "getWebhookInfo", "getWebhookInfo"])
                try fixture.apply(Kept.manifests(trigger(manage: false)))
                try await waitUntil("the end") { try fixture.reader.registrations().isEmpty }
            }
            #expect(telegram.calls.last == "deleteWebhook")
        }
    }

    @Test func `What Telegram has to complain of is told, and what waits there`() async throws {
        let telegram = FakeTelegram()
        telegram.tell([
            "pending_update_count": 7, "last_error_date": 1_767_225_540,
            "last_error_message": "Wrong response from the webhook: 503 Service Unavailable",
        ])
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(trigger()))
            try await Kept.keeping(fixture, api: server.url) { try await fixture.reaches(.registered) }
            let kept = try fixture.registration()
            #expect(kept.waiting == 7)
            #expect(
                kept.senderSays
                    == "Telegram could not deliver at 2025-12-31T23:59:00Z:"
                    + " Wrong response from the webhook: 503 Service Unavailable")
        }
    }

    @Test func `A secret that somebody changed at Telegram is told again where updates are refused`() async throws {
        let telegram = FakeTelegram()
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(trigger()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                func sets() -> Int { telegram.calls.count { $0 == "setWebhook" } }
                try await fixture.lookAgain()
                #expect(sets() == 1)
                telegram.tell([
                    "last_error_date": .number(JSONNumber(Int(fixture.clock.now().seconds + 1))),
                    "last_error_message": "Wrong response from the webhook: 401 Unauthorized",
                ])
                try await fixture.lookAgain()
                #expect(sets() == 2)
                // It is told once for what was refused before.
                try await fixture.lookAgain()
                #expect(sets() == 2)
            }
        }
    }

    @Test func `Telegram is not asked to send to an address without TLS`() async throws {
        let telegram = FakeTelegram()
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(trigger()))
            try await Kept.keeping(fixture, api: server.url, publicURL: "http://writ.example.com") {
                try await fixture.reaches(.failing)
            }
            #expect(
                try fixture.registration().problem
                    == "Telegram sends to https alone, and http://writ.example.com/hooks/chat is not: start `writ serve`"
                    + " with --public-url https://…")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `More than a day of silence is a gap`() async throws {
        let telegram = FakeTelegram()
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let before = try RuntimeFixture(Kept.manifests(trigger()))
            try await Kept.keeping(before, api: server.url) { try await before.reaches(.registered) }
            let after = try RuntimeFixture(restarting: before, now: .at("2026-01-04T00:00:00Z"))
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("the look") { try after.registration().lookedAt == .at("2026-01-04T00:00:00Z") }
            }
            let gap = try #require(try after.reader.lostDeliveries(of: Trigger.id("chat"), limit: 9).first)
            #expect(gap.from == .at("00:00:00") && gap.to == .at("2026-01-03T00:00:00Z"))
        }
    }

    @Test(
        "What went elsewhere while somebody had given the bot another webhook is a gap",
        arguments: [
            ("url", "https://other.example.com/" as JSON, "another webhook" as String?),
            ("allowed_updates", ["poll"] as JSON, "other updates" as String?),
            ("url", "" as JSON, nil as String?),
        ])
    func altered(field: String, value: JSON, words: String?) async throws {
        let telegram = FakeTelegram()
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(trigger()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                telegram.tell(JSONMembers([(field, value)]))
                try await fixture.lookAgain()
                try await fixture.lookAgain()
            }
            let gaps = try fixture.reader.lostDeliveries(of: Trigger.id("chat"), limit: 9)
            #expect(gaps.count == (words == nil ? 0 : 1))
            if let words {
                #expect(gaps.first?.reason?.contains(words) == true, "\(gaps)")
                #expect(gaps.first?.from == .at("00:00:00") && gaps.first?.to == .at("00:10:00"))
            }
        }
    }

    @Test(
        "A bot that another trigger takes over, or whose token is kept elsewhere, keeps its webhook",
        arguments: [("other", "BOT"), ("chat", "SAME")])
    func handedOn(name: String, token: String) async throws {
        let telegram = FakeTelegram()
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let before = try RuntimeFixture(Kept.manifests(trigger()))
            try await Kept.keeping(before, api: server.url) { try await before.reaches(.registered) }
            let fixture = try RuntimeFixture(restarting: before, now: .at("06:00:00"))
            let others = name == "chat" ? [] : [trigger(manage: false)]
            try fixture.apply(
                ([Kept.manifests(trigger(name, token: token))] + others).joined(separator: "\n---\n"))
            try await Kept.keeping(fixture, api: server.url) {
                try await waitUntil("one is left") {
                    let all = try fixture.reader.registrations()
                    return all.count == 1 && all[0].standing == .registered && all[0].id.name == name
                        && all[0].declared.target.contains(token)
                }
            }
            #expect(!telegram.calls.contains("deleteWebhook"))
            #expect(telegram.set["url"] == .string("https://writ.example.com/hooks/\(name)"))
        }
    }

    @Test func `A bot has one webhook: the second trigger is told who has it`() async throws {
        let telegram = FakeTelegram()
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(trigger("one"), trigger("two", token: "SAME")))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                try await fixture.reaches(.failing)
            }
            let second = try #require(try fixture.reader.registrations().last)
            #expect(second.problem?.hasPrefix("Trigger/one manages the webhook of this bot") == true)
            #expect(telegram.set["url"] == "https://writ.example.com/hooks/one")
        }
    }

    @Test(
        "What Telegram refuses is said without the token, and its wish to be left alone is heard",
        arguments: [
            (
                #"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}"#,
                429, "left alone", "00:00:36"
            ),
            (
                #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#, 401, "does not know the token",
                "00:05:00"
            ),
            (
                #"{"ok":false,"error_code":400,"description":"Bad Request: bad webhook: 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"}"#,
                400, "bad webhook: [redacted]", "00:05:00"
            ), ("<html>", 502, "answered 502", "00:00:10"), ("<html>", 200, "cannot be read", "00:05:00"),
        ])
    func problems(body: String, status: Int, words: String, then: String) async throws {
        let telegram = FakeTelegram()
        telegram.fail(with: HTTPTestReply(status, body))
        try await HTTPTestServer.answering({ telegram.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(trigger()))
            try await Kept.keeping(fixture, api: server.url) {
                try await waitUntil("the problem") {
                    try fixture.reader.registrations().contains { $0.problem != nil }
                }
            }
            // To be asked to wait says nothing of the webhook.
            #expect(try fixture.registration().standing == (status == 429 ? .pending : .failing))
            let problem = try #require(try fixture.registration().problem)
            #expect(problem.contains(words), "\(problem)")
            #expect(!problem.contains(Kept.botToken))
            #expect(try fixture.registration().dueAt == .at(then))
        }
    }
}
