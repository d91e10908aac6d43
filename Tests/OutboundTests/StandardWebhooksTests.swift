import Outbound
import Testing
import Values

@Suite("Standard Webhooks signatures")
struct StandardWebhooksTests {
    private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let other = "whsec_" + Base64.text((0..<24).map { UInt8($0) })
    private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private let body = Array(#"{"test": 2432232314}"#.utf8)
    private let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    private let sent: Int64 = 1_614_265_330

    @Test("match the specification's vector")
    func vector() throws {
        let scheme = try StandardWebhooks(secrets: [secret])
        #expect(scheme.sign(id: id, timestamp: sent, body: body) == signature)
        #expect(try verify() == .valid)
        let headers = scheme.headers(id: id, now: Instant(milliseconds: sent * 1000 + 999), body: body)
        #expect(headers.map(\.0) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(headers.map(\.1) == [id, "1614265330", signature])
    }

    @Test("are refused when anything signed differs")
    func forged() throws {
        #expect(try verify(id: "msg_other") == .wrong)
        #expect(try verify(timestamp: "1614265331") == .wrong)
        #expect(try verify(body: Array(#"{"test": 2432232315}"#.utf8)) == .wrong)
        #expect(try verify(secrets: [other]) == .wrong)
        #expect(try verify(signature: "v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") == .wrong)
        #expect(try verify(signature: "v1,g0hM") == .wrong)
    }

    @Test("are malformed or missing", arguments: ["v1", "v1,", "v2,g0hM", "v1a,g0hM9SsE", "g0hM9SsE", " ", "v1,!!!!"])
    func malformed(text: String) throws {
        #expect(try [.malformed, .wrong].contains(verify(signature: text)))
    }

    @Test("need all three headers")
    func missing() throws {
        let scheme = try StandardWebhooks(secrets: [secret])
        let now = Instant(seconds: sent)
        #expect(scheme.verify(id: nil, timestamp: "1", signature: "v1,x", body: [], now: now) == .missing)
        #expect(scheme.verify(id: "a", timestamp: nil, signature: "v1,x", body: [], now: now) == .missing)
        #expect(scheme.verify(id: "a", timestamp: "1", signature: nil, body: [], now: now) == .missing)
        #expect(try verify(timestamp: "-1614265330") == .malformed)
        #expect(try verify(timestamp: "9999999999999999999") == .malformed)
    }

    @Test(
        "hold for five minutes each way",
        arguments: [(-301, false), (-300, true), (0, true), (300, true), (301, false)])
    func tolerance(seconds: Int64, isValid: Bool) throws {
        #expect(try verify(now: Instant(seconds: sent + seconds)) == (isValid ? .valid : .expired))
    }

    @Test("are made with the old and the new secret during a rotation, and valid with either")
    func rotation() throws {
        let both = try StandardWebhooks(secrets: [other, secret])
        let text = both.sign(id: id, timestamp: sent, body: body)
        #expect(text.split(separator: " ").count == 2)
        #expect(try verify(signature: text, secrets: [secret]) == .valid)
        #expect(try verify(signature: text, secrets: [other]) == .valid)
        #expect(try verify(signature: "v1a,AAAA \(signature)") == .valid, "other versions are passed over")
    }

    @Test(
        "refuse secrets that cannot be used, without printing them",
        arguments: [
            "", "whsec_", "whsec_short", "whsec_c2hvcnQ=", "whsec_!!!!", "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_ MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ])
    func badSecrets(text: String) {
        #expect { try StandardWebhooks(secrets: [text]) } throws: { error in
            guard let error = error as? OutboundError else { return false }
            return error.code == .badSecret && !error.message.contains("MfKQ") && !error.message.contains("c2hv")
        }
    }

    @Test(
        "read base64 strictly (RFC 4648 section 10)",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
        ])
    func base64(text: String, encoded: String) {
        #expect(Base64.text(text.utf8) == encoded)
        #expect(Base64.bytes(encoded) == Array(text.utf8))
        #expect(Base64.bytes(String(encoded.prefix { $0 != "=" })) == Array(text.utf8))
    }

    @Test(
        "read no other base64",
        arguments: ["Z", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v====", "Zm-_", "Zm9v\n", "=", "Zg==Zg=="])
    func notBase64(text: String) {
        #expect(Base64.bytes(text) == nil)
    }

    private func verify(
        id: String? = nil, timestamp: String = "1614265330", signature: String? = nil, body: [UInt8]? = nil,
        secrets: [String]? = nil, now: Instant? = nil
    ) throws -> SignatureVerdict {
        try StandardWebhooks(secrets: secrets ?? [secret]).verify(
            id: id ?? self.id, timestamp: timestamp, signature: signature ?? self.signature, body: body ?? self.body,
            now: now ?? Instant(seconds: sent))
    }
}
