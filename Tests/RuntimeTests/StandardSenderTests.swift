import Crypto
import Foundation
import Outbound
import Runtime
import Spec
import State
import Testing
import Values

/// Standard Webhooks: symmetric and ed25519 signatures.
@Suite struct StandardSenderTests {
    private let desk: SenderDesk

    init() throws { desk = try SenderDesk() }

    private func standard(_ signature: String, id: String, at timestamp: Int64, _ body: String) -> InboxAnswer {
        desk.send(
            "standard",
            [
                ("Webhook-Id", id), ("Webhook-Timestamp", String(timestamp)), ("Webhook-Signature", signature),
            ], body)
    }

    @Test func `Standard Webhooks' documented vector opens the door`() throws {
        desk.fixture.clock.set(Instant(seconds: 1_614_265_330))
        let answer = standard(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at: 1_614_265_330, #"{"test": 2432232314}"#)
        guard case .accepted = answer else { throw Invalid(description: "\(answer)") }
        #expect(try desk.events().map(\.summary.name) == ["webhook"])
    }

    @Test func `An ed25519 signature by the sender's key is as good, by another one it is not`() throws {
        let body = #"{"type":"invoice.paid","data":{}}"#
        let now = desk.fixture.clock.now().seconds
        func signed(_ key: Curve25519.Signing.PrivateKey, _ id: String) throws -> String {
            "v1a," + Data(try key.signature(for: Data("\(id).\(now).\(body)".utf8))).base64EncodedString()
        }
        #expect(standard(try signed(Curve25519.Signing.PrivateKey(), "m1"), id: "m1", at: now, body) == .unauthorized)
        #expect(standard(try signed(SenderDesk.key, "m2"), id: "m1", at: now, body) == .unauthorized)
        #expect(standard(try signed(SenderDesk.key, "m1"), id: "m1", at: now - 301, body) == .unauthorized)
        let right = "v1,AAAA " + (try signed(SenderDesk.key, "m1"))
        guard case .accepted(let id) = standard(right, id: "m1", at: now, body) else {
            throw Invalid(description: "refused")
        }
        #expect(standard(right, id: "m1", at: now, body) == .duplicate(event: id))
        #expect(try desk.events().map(\.summary.name) == ["invoice.paid"])
    }
}
