import Runtime
import Spec
import State
import Testing
import Values

/// Telegram: a token in a header, and updates that are numbered.
@Suite struct TelegramSenderTests {
    private let desk: SenderDesk

    init() throws { desk = try SenderDesk() }

    private func telegram(_ body: String, token: String? = "a-Secret_Token") -> InboxAnswer {
        desk.send("telegram", token.map { [("X-Telegram-Bot-Api-Secret-Token", $0)] } ?? [], body)
    }

    @Test func `Telegram shows its token, and updates are known by their number in any order (fault F110)`() throws {
        let update = #"{"update_id":7,"message":{"message_id":1,"chat":{"id":-5,"type":"supergroup"},"text":"hi"}}"#
        #expect(telegram(update, token: nil) == .unauthorized)
        #expect(telegram(update, token: "a-Secret_Tokem") == .unauthorized)
        guard case .accepted(let id) = telegram(update) else { throw Invalid(description: "refused") }
        #expect(telegram(update) == .duplicate(event: id))
        #expect(try desk.events().map(\.summary.name) == ["message.supergroup"])
        let query = #"{"update_id":8,"callback_query":{"id":"q","message":{"chat":{"id":5,"type":"private"}}}}"#
        guard case .accepted = telegram(query) else { throw Invalid(description: "refused") }
        #expect(try desk.events().map(\.summary.name).last == "callback_query.private")
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
        guard case .unavailable = desk.send("spaced", [("X-Telegram-Bot-Api-Secret-Token", "not a token")], "{}"),
            case .unavailable = desk.send("broken", [("webhook-id", "1")], "{}")
        else {
            Issue.record("somebody got in")
            return
        }
    }
}
