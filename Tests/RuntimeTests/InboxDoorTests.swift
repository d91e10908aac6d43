import Foundation
import Outbound
import Runtime
import Spec
import State
import Testing
import Values

@Suite("Who gets into the inbox") struct InboxDoorTests: InboxTesting {
    let desk: InboxDesk

    init() throws { desk = try InboxDesk() }

    @Test func `GitHub's documented vector opens the door`() throws {
        let body = Array("Hello, World!".utf8)
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        let answer = inbox.receive(
            endpoint: .trigger("hello"), headers: [("x-hub-signature-256", signature), ("x-github-event", "push")],
            body: body)
        // Verified, and only then found not to be JSON.
        guard case .badRequest(let detail) = answer else { throw Invalid(description: "\(answer)") }
        #expect(detail.contains("line 1, column 1"))
    }

    @Test(
        "Without a right signature nobody gets in, and nothing is read or stored (fault F104)",
        arguments: [
            [],
            ["sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18"],
            ["sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e"],
            ["sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17"],
            ["757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"],
            ["sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"],
            ["v0=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"],
            ["sha256="], [""],
            [
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            ],
        ])
    func forged(signatures: [String]) throws {
        let answer = inbox.receive(
            endpoint: .trigger("hello"),
            headers: [("X-GitHub-Event", "push")] + signatures.map { ("X-Hub-Signature-256", $0) },
            body: Array("Hello, World!".utf8))
        #expect(answer == .unauthorized)
        #expect(try events().isEmpty)
        #expect(fixture.metrics.snapshot.eventsRefused == [.unauthorized: 1])
    }

    @Test func `A body that was written anew does not fit its signature (fault F106)`() throws {
        let signature = try HMACSignature.github.sign(
            Array(#"{"a": 1}"#.utf8), secret: secret("HOOK"))
        let answer = inbox.receive(
            endpoint: .trigger("hello"), headers: [("X-Hub-Signature-256", signature), ("X-GitHub-Event", "push")],
            body: Array(#"{"a":1}"#.utf8))
        #expect(answer == .unauthorized)
    }

    @Test func `An encoded body is refused (fault F106)`() throws {
        #expect(try send(headers: [("Content-Encoding", "gzip")]) == .unsupportedEncoding)
        _ = try event(try send(headers: [("Content-Encoding", "identity")]))
    }

    @Test(
        "Without a usable secret an endpoint is closed to everybody (fault F105)",
        arguments: ["unset", "blank"])
    func noSecret(trigger: String) throws {
        #expect(try send(to: trigger, secret: "HOOK") == .unavailable("this endpoint has no usable secret"))
        #expect(try send(to: trigger, secret: "EMPTY") == .unavailable("this endpoint has no usable secret"))
        #expect(try events().isEmpty)
    }

    @Test func `While a secret is replaced, the old and the new one are good (fault F111)`() throws {
        _ = try event(try send(to: "rotating", secret: "OLD"))
        _ = try event(try send(to: "rotating", secret: "HOOK"))
        #expect(try send(to: "hello", secret: "OLD") == .unauthorized)
        _ = try event(try send(to: "half", secret: "HOOK"))
    }

    @Test("Without exactly one id nobody would know the delivery again (fault F109)", arguments: [0, 2])
    func deliveryID(count: Int) throws {
        let body = Array("{}".utf8)
        let secret = self.secret("HOOK")
        let headers = [
            ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", try HMACSignature.github.sign(body, secret: secret)),
        ]
        let ids = Array(repeating: ("X-GitHub-Delivery", "one"), count: count)
        guard
            case .badRequest(let detail) = inbox.receive(
                endpoint: .trigger("hello"), headers: headers + ids, body: body)
        else { throw Invalid(description: "accepted") }
        #expect(detail.contains("X-GitHub-Delivery"))
        #expect(try events().isEmpty)
    }

    @Test func `Of a generic sender's two ids nobody knows which counts (fault F109)`() throws {
        let body = Array("{}".utf8)
        let secret = self.secret("HOOK")
        let headers = [
            ("X-Signature-256", try HMACSignature.github.sign(body, secret: secret)), ("Idempotency-Key", "a"),
            ("idempotency-key", "b"),
        ]
        let answer = inbox.receive(endpoint: .trigger("own"), headers: headers, body: body)
        #expect(answer == .badRequest("the header Idempotency-Key must be there only once"))
        #expect(try events().isEmpty)
    }

    @Test func `Unknown endpoints and those without a webhook are not there`() throws {
        #expect(try send(to: "nowhere") == .unknown)
        #expect(try send(to: "timed") == .unknown)
        #expect(try send([], to: .repository("nowhere"), secret: "SITE", event: "push") == .unknown)
    }

    @Test func `A generic sender may send the secret as a bearer token`() throws {
        let body = Array("{}".utf8)
        func answer(_ authorization: String) -> InboxAnswer {
            inbox.receive(endpoint: .trigger("bearer"), headers: [("Authorization", authorization)], body: body)
        }
        let event = try event(answer("bearer It's a Secret to Everybody"))
        #expect(event.summary.name == "webhook")
        #expect(event.headers == [:])
        #expect(answer("Bearer It's a Secret to Everybod") == .unauthorized)
        #expect(answer("Basic It's a Secret to Everybody") == .unauthorized)
        #expect(answer("It's a Secret to Everybody") == .unauthorized)
    }
}
