import Crypto
import Foundation
import Runtime
import Spec
import State

/// An inbox with a trigger for each sender that has its own way to sign, to name and to be answered.
struct SenderDesk {
    static let slackSecret = "8f742231b10e8888abcd99yyyzzz85a5"
    static let key = Curve25519.Signing.PrivateKey()
    static let secrets = [
        "SLACK": slackSecret, "TELEGRAM": "a-Secret_Token", "SPACED": "not a token", "CLOUD": "cloud token",
        "STANDARD": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "PUBLIC": "whpk_" + Data(key.publicKey.rawRepresentation).base64EncodedString(), "BROKEN": "whsec_?",
    ]

    let fixture: RuntimeFixture
    let inbox: Inbox

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

    func send(_ trigger: String, _ headers: [(String, String)], _ body: String) -> InboxAnswer {
        inbox.receive(endpoint: .trigger(trigger), headers: headers, body: Array(body.utf8))
    }

    func events() throws -> [Event] {
        try fixture.reader.events().items.reversed().compactMap { try fixture.reader.event($0.id) }
    }
}
