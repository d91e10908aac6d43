import Outbound
import Spec
import State
import Values

/// What came of one sending.
enum SendingResult: Sendable, Hashable {
    case delivered(status: Int)
    /// Repeating does not help.
    case refused(error: String, status: Int?)
    /// The receiver wants no more messages at all.
    case gone(error: String, status: Int)
    /// It is sent again, unless that would be after `until`, when it is too late.
    case failed(error: String, status: Int?, retryAfter: Duration?, until: Instant? = nil)
    /// Nothing was sent, because the receiver is left alone for a while.
    case postponed(error: String, wait: Duration)
}

/// Makes the request of a delivery and judges the answer.
struct ChannelSender: Sendable {
    let client: OutboundClient
    let secrets: SecretLookup
    let clock: any RuntimeClock
    let answers: SlackAnswers

    /// Receivers of Standard Webhooks get 15 to 30 seconds.
    private static let timeout = Duration.seconds(20)

    func send(_ delivery: Delivery, to channel: Channel?) async -> SendingResult {
        guard let channel else {
            return .refused(error: "channel \(delivery.channel) is not in the revision in force", status: nil)
        }
        if let response = channel.slackResponse { return await answers.send(delivery, response) }
        guard let webhook = channel.webhook else {
            return .refused(
                error: "this version of writ does not send to channels of type \(channel.type)", status: nil)
        }
        let body = delivery.body.writtenBytes
        let headers: [(String, String)]
        do {
            let signer = try StandardWebhooks(secrets: [try secrets(webhook.secret)])
            // The id stays for all attempts, the timestamp is of this one.
            headers = signer.headers(id: delivery.messageID, now: clock.now(), body: body)
        } catch {
            return .failed(
                error: "the message cannot be signed with \(webhook.secret): \(error)", status: nil, retryAfter: nil)
        }
        let request = OutboundRequest(
            method: "POST", url: webhook.url.manifestText,
            headers: headers + [("content-type", "application/json"), ("user-agent", "writ")], body: body,
            timeout: Self.timeout, maxResponseBytes: 64 << 10, statusDecides: true,
            policy: webhook.allowPrivateNetworks ? .allowPrivate : .publicOnly)
        do {
            return judge(try await client.send(request))
        } catch {
            return Self.judge(error)
        }
    }

    static func judge(_ error: OutboundError, until: Instant? = nil) -> SendingResult {
        switch error.code {
        case .refusedAddress, .badURL, .badHeader, .badSecret:
            .refused(error: error.message, status: nil)
        case .circuitOpen:
            .postponed(error: error.message, wait: error.retryAfter ?? .seconds(1))
        case .timeout, .connect, .tls, .redirect, .protocol, .cancelled, .tooLarge:
            .failed(error: error.message, status: nil, retryAfter: nil, until: until)
        }
    }

    private func judge(_ response: OutboundResponse) -> SendingResult {
        switch response.status {
        case 200..<300:
            return .delivered(status: response.status)
        case 410:
            return .gone(error: "the receiver answered 410: it wants no more messages", status: 410)
        case 300..<400:
            return .failed(
                error: "the receiver answered \(response.status): redirects are not followed, give the channel the"
                    + " final address", status: response.status, retryAfter: nil)
        default:
            return .failed(
                error: "the receiver answered \(response.status)", status: response.status,
                retryAfter: RetryAfter.delay(response.headers, now: clock.now()))
        }
    }
}

extension Channel {
    fileprivate var type: String {
        if slack != nil { return "slack" }
        if telegram != nil { return "telegram" }
        if discord != nil { return "discord" }
        return github != nil ? "github" : "webhook"
    }
}
