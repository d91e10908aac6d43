import Logging
import Spec
import State
import Values

/// What channels are told about the end of a run, in the form of Standard Webhooks: type, timestamp, data.
struct DeliveryMessage {
    private let run: Run
    private let facts: JSON
    private let now: Instant

    /// Bytes of one text in a message; receivers like messages small.
    private static let textLimit = 64 << 10

    /// - Parameter run: as it is recorded at its end
    init(run: Run, facts: JSON, at now: Instant) {
        self.run = run
        self.facts = facts
        self.now = now
    }

    /// A delivery to each channel. One whose template cannot be rendered gets the message without it.
    func deliveries(
        to channels: [Reference<Channel>], in catalog: Catalog, _ logger: Logger
    ) -> [NewDelivery] {
        channels.map { reference in
            var body = json
            if let template = catalog[reference]?.template {
                do throws(TemplateError) {
                    let text = try Template(template.text).render(object)
                    body = with(text: text)
                } catch {
                    logger.error(
                        "the template of a channel cannot be rendered: \(error.message)",
                        metadata: ["channel": "\(reference.name)", "run": "\(run.id)"])
                }
            }
            let pace: DeliverySchedule = catalog[reference]?.slackResponse == nil ? .standard : .slackResponse
            return NewDelivery(
                channel: reference.name, body: body, maxAttempts: pace.maxAttempts, notBefore: now)
        }
    }

    /// `run.succeeded`, `run.failed`, `run.discarded` or `run.unknown`.
    private var type: String { "run.\(run.state.rawValue)" }

    /// What went wrong. A run that its worker did not end has the reason only.
    private var error: String? {
        switch run.state {
        case .discarded, .unknown: run.error ?? run.reason
        default: run.error
        }
    }

    private var json: JSON {
        ["type": .string(type), "timestamp": .string(now.rfc3339), "data": .object(data)]
    }

    private func with(text: String) -> JSON {
        var data = data
        data["text"] = .string(Self.capped(text))
        return ["type": .string(type), "timestamp": .string(now.rfc3339), "data": .object(data)]
    }

    private var data: JSONMembers {
        var data: JSONMembers = ["run": .string(run.id), "state": .string(run.state.rawValue)]
        data["agent"] = run.target.agent.map(JSON.string)
        data["tool"] = run.target.tool.map(JSON.string)
        data["trigger"] = run.trigger.map(JSON.string)
        data["event"] = run.event.map(JSON.string)
        data["output"] = run.output.map { .string(Self.capped($0)) }
        data["error"] = error.map { .string(Self.capped($0)) }
        return data
    }

    /// The event's object with `output`, `run`, `state` and `error` (DESIGN.md section 3).
    private var object: JSON {
        var object = facts.object ?? [:]
        object["output"] = .string(run.output ?? "")
        object["run"] = .string(run.id)
        object["state"] = .string(run.state.rawValue)
        object["error"] = error.map(JSON.string)
        return .object(object)
    }

    private static func capped(_ text: String) -> String {
        guard text.utf8.count > textLimit else { return text }
        let beginning = String(decoding: text.utf8.prefix(textLimit), as: UTF8.self)
        return beginning + "\n[truncated: the first \(textLimit) of \(text.utf8.count) bytes]"
    }
}
