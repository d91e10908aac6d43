import Outbound
import Values

/// The webhook of one bot by Telegram's Bot API (core.telegram.org/bots/api). The token stands in the path: no URL may
/// be printed.
struct TelegramBot: Sendable {
    let client: OutboundClient
    let address: SenderAddress
    let token: String
    let clock: any RuntimeClock

    /// What Telegram tells of the webhook.
    struct Info: Sendable, Hashable {
        /// Empty where there is none.
        let url: String
        /// Nil where Telegram sends what it sends by default.
        let updates: Set<String>?
        let waiting: Int
        let lastErrorAt: Instant?
        let lastError: String?
    }

    private static let said = 200

    func info() async throws(SenderProblem) -> Info {
        let result = try await call("getWebhookInfo")
        guard let url = result["url"]?.string else { throw Self.unreadable }
        return Info(
            url: url, updates: result["allowed_updates"]?.array.map { Set($0.compactMap(\.string)) },
            waiting: max(result["pending_update_count"]?.int ?? 0, 0),
            lastErrorAt: result["last_error_date"]?.int.map { Instant(seconds: Int64($0)) },
            lastError: result["last_error_message"]?.string.map { String($0.prefix(Self.said)) })
    }

    /// - Parameter updates: the sorts of updates that are wanted; none for Telegram's default
    func set(_ url: String, secret: String, updates: Set<String>) async throws(SenderProblem) {
        _ = try await call(
            "setWebhook",
            [
                "url": .string(url), "secret_token": .string(secret),
                "allowed_updates": .array(updates.sorted().map(JSON.string)),
            ])
    }

    /// What waits at Telegram goes on waiting.
    func delete() async throws(SenderProblem) {
        _ = try await call("deleteWebhook", ["drop_pending_updates": false])
    }

    private func call(_ method: String, _ body: JSON = [:]) async throws(SenderProblem) -> JSON {
        // `123456:ABC-DEF`: anything else would lead to another path.
        guard token.utf8.allSatisfy(Self.isTokenByte) else {
            throw SenderProblem(.refused, "the secret in `token` is no token of a bot of Telegram's")
        }
        let request = OutboundRequest(
            method: "POST", url: "\(address.base)/bot\(token)/\(method)",
            headers: [("content-type", "application/json"), ("user-agent", "writ")], body: body.canonicalBytes,
            timeout: .seconds(20), maxResponseBytes: 1 << 20, policy: address.policy)
        let response: OutboundResponse
        do {
            response = try await client.send(request)
        } catch {
            throw SenderProblem(error)
        }
        guard (200..<300).contains(response.status) || (400..<600).contains(response.status) else {
            throw SenderProblem(.refused, "Telegram answered \(response.status) to \(method), which is not followed")
        }
        let json = try? JSON(parsing: response.body)
        if response.isSuccess, json?["ok"] == true, let result = json?["result"] { return result }
        throw problem(response, json, method)
    }

    private func problem(_ response: OutboundResponse, _ json: JSON?, _ method: String) -> SenderProblem {
        let says = json?["description"]?.string.map { ": " + $0.prefix(Self.said) } ?? ""
        let now = clock.now()
        switch json?["error_code"]?.int ?? response.status {
        case 429:
            let asked = json?["parameters"]?["retry_after"]?.int.map { Duration.seconds(min(max($0, 0), 86_400)) }
            let wait = asked ?? RetryAfter.delay(response.headers, now: now) ?? .seconds(60)
            return SenderProblem(.limited(until: now.advanced(by: wait)), "Telegram asks to be left alone for a while")
        case 401, 404: return SenderProblem(.refused, "Telegram does not know the token in `token` (\(method)\(says))")
        case 200..<300: return Self.unreadable
        case 500..<600: return SenderProblem(.passing, "Telegram answered \(response.status) to \(method)")
        default: return SenderProblem(.refused, "Telegram refuses \(method)\(says)")
        }
    }

    private static let unreadable = SenderProblem(
        .refused, "what Telegram's API answers cannot be read: is the address of the API right?")

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
