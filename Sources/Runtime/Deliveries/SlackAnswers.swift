import Outbound
import Spec
import State
import Values

/// Answers at the `response_url` of slash commands and interactions. The address is a secret: it comes from the state
/// when it is used, and is in nothing that is recorded or told.
struct SlackAnswers: Sendable {
    let client: OutboundClient
    let reader: StateReader
    let clock: any RuntimeClock

    private static let timeout = Duration.seconds(20)
    /// Slack cuts what is longer than 40,000 characters.
    private static let textLimit = 39_000

    func send(_ delivery: Delivery, _ channel: Channel.SlackResponse) async -> SendingResult {
        let address: AnswerAddress?
        do {
            address = try delivery.run.flatMap { run throws(StateError) in
                try reader.answerAddress(ofRun: run, at: clock.now())
            }
        } catch {
            return .failed(error: "\(error)", status: nil, retryAfter: nil)
        }
        guard let address else {
            return .refused(
                error: "nobody waits for an answer: the run's event is no slash command or interaction of the last 30"
                    + " minutes that came to this channel's trigger", status: nil)
        }
        let origin = CircuitBreakers.origin(of: channel.origin.manifestText)
        guard let origin, CircuitBreakers.origin(of: address.url) == origin else {
            return .refused(
                error: "the event's response_url is not at \(channel.origin.manifestText), where this channel answers:"
                    + " say slackResponse.origin where Slack has another address for you", status: nil)
        }
        let request = OutboundRequest(
            method: "POST", url: address.url,
            headers: [
                ("content-type", "application/json"), ("user-agent", "writ"), ("idempotency-key", delivery.messageID),
            ],
            body: body(delivery.body, channel.visibility).writtenBytes, timeout: Self.timeout,
            maxResponseBytes: 64 << 10, statusDecides: true,
            policy: channel.allowPrivateNetworks ? .allowPrivate : .publicOnly)
        do {
            return judge(try await client.send(request), until: address.until)
        } catch {
            return ChannelSender.judge(error, until: address.until)
        }
    }

    private func body(_ message: JSON, _ visibility: Channel.SlackResponse.Visibility) -> JSON {
        [
            "response_type": .string(visibility == .ephemeral ? "ephemeral" : "in_channel"),
            "replace_original": false, "text": .string(Self.escaped(text(of: message))),
        ]
    }

    /// The channel's template, else what the run said, else what became of it.
    private func text(of message: JSON) -> String {
        let data = message["data"]
        if let text = data?["text"]?.string { return text }
        if let output = data?["output"]?.string, data?["state"] == "succeeded" {
            return output.isEmpty ? "Done." : output
        }
        let end = "The run \(data?["run"]?.string ?? "") ended as \(data?["state"]?.string ?? "unknown")"
        return data?["error"]?.string.map { "\(end): \($0)" } ?? "\(end)."
    }

    /// With that nothing in it is a mention, a link or a command to Slack (docs.slack.dev, "Formatting message text").
    private static func escaped(_ text: String) -> String {
        let characters = text.unicodeScalars
        let beginning = String(String.UnicodeScalarView(characters.prefix(textLimit)))
        return beginning.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Slack says `ok`, or in JSON or a word what is wrong. What it says is not repeated: it might have the address in it.
    private func judge(_ response: OutboundResponse, until: Instant) -> SendingResult {
        switch response.status {
        case 200..<300:
            let isRefused = (try? JSON(parsing: response.body))?["ok"] == false
            return isRefused
                ? .refused(error: "Slack did not take the answer", status: response.status)
                : .delivered(status: response.status)
        case 429, 500...:
            return .failed(
                error: "Slack answered \(response.status)", status: response.status,
                retryAfter: RetryAfter.delay(response.headers, now: clock.now()), until: until)
        default:
            return .refused(
                error: "Slack answered \(response.status): it takes five answers to one command, within 30 minutes",
                status: response.status)
        }
    }
}
