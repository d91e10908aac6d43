import Agents
import Outbound
import Spec
import Testing
import Values

@Suite("Redaction")
struct RedactionTests {
    private static let secret = "p/ss+w\"rd é"

    private func secrets(_ value: String = secret) throws -> RunSecrets {
        let secrets = RunSecrets(SecretResolver(environment: { _ in value }, directory: nil))
        _ = try secrets.value(of: SecretReference(source: .environment("TOKEN")))
        return secrets
    }

    @Test(
        "finds a secret in every form in which it comes back (fault H135)",
        arguments: [
            secret, "p/ss+w\\\"rd é", "p\\/ss+w\\\"rd é", "p%2Fss%2Bw%22rd%20%C3%A9", "p%2fss%2bw%22rd%20%c3%a9",
            "p%2Fss%2Bw%22rd+%C3%A9",
        ])
    func forms(form: String) throws {
        #expect(try secrets().redact("before \(form) after \(form)") == "before [redacted] after [redacted]")
    }

    @Test("finds a secret inside Base64, wherever it begins", arguments: ["", "u", "us", "user:"])
    func base64(before: String) throws {
        for after in ["", "x", "xy", "xyz"] {
            let text = Base64.text((before + Self.secret + after).utf8)
            let redacted = try secrets().redact(text)
            #expect(redacted.contains("[redacted]"), "\(text)")
            let left = redacted.replacing("[redacted]", with: "").replacing("=", with: "")
            // Digits that other bytes decide too stay, at most two on each side besides those of the other bytes.
            #expect(left.count <= (before.utf8.count + after.utf8.count) * 4 / 3 + 4, "\(redacted)")
        }
    }

    @Test("goes into keys, texts and numbers of JSON")
    func json() throws {
        let secrets = try secrets("1234567890")
        let json: JSON = ["a": [.string("is 1234567890!"), 1_234_567_890, 12], "1234567890": true]
        #expect(secrets.redact(json) == ["a": ["is [redacted]!", "[redacted]", 12], "[redacted]": true])
    }

    @Test("takes the longest of two secrets, and leaves everything else alone")
    func overlap() throws {
        let secrets = RunSecrets(
            SecretResolver(environment: { $0 == "A" ? "password" : "password-two" }, directory: nil))
        for name in ["A", "B"] { _ = try secrets.value(of: SecretReference(source: .environment(name))) }
        #expect(secrets.redact("password-two password passwor") == "[redacted] [redacted] passwor")
        #expect(secrets.redact("nothing") == "nothing")
    }
}
