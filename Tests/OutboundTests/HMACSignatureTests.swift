import Outbound
import Testing

@Suite("HMAC signatures")
struct HMACSignatureTests {
    @Test(
        "match GitHub's documented vectors",
        arguments: [
            (
                "It's a Secret to Everybody", "Hello, World!",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            ),
            (
                "mysecret", #"{"foo":"bar"}"#, "sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3"
            ),
        ])
    func github(secret: String, body: String, signature: String) throws {
        #expect(try HMACSignature.github.sign(Array(body.utf8), secret: Array(secret.utf8)) == signature)
        #expect(verify(.github, signature, body, [secret]) == .valid)
    }

    @Test("match RFC 4231, test case 2, in every algorithm and encoding")
    func algorithms() throws {
        let hex =
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        let body = "what do ya want for nothing?"
        let long = HMACSignature(algorithm: .sha512, encoding: .hex, prefix: "")
        #expect(try long.sign(Array(body.utf8), secret: Array("Jefe".utf8)) == hex)
        #expect(verify(long, hex, body, ["Jefe"]) == .valid)
        let short = HMACSignature(algorithm: .sha256, encoding: .base64, prefix: "v1=")
        let text = "v1=W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="
        #expect(try short.sign(Array(body.utf8), secret: Array("Jefe".utf8)) == text)
        #expect(verify(short, text, body, ["Jefe"]) == .valid)
        #expect(verify(short, text + "x", body, ["Jefe"]) == .malformed)
    }

    @Test("are valid with either secret while one replaces the other, and with no third one")
    func rotation() throws {
        let signature = try HMACSignature.github.sign(Array("body".utf8), secret: Array("old".utf8))
        #expect(verify(.github, signature, "body", ["new", "old"]) == .valid)
        #expect(verify(.github, signature, "body", ["old", "new"]) == .valid)
        #expect(verify(.github, signature, "body", ["new", "newer"]) == .wrong)
        #expect(verify(.github, signature, "body", []) == .wrong)
    }

    @Test("are refused when the body, a digit or the length differs")
    func forged() throws {
        let good = try HMACSignature.github.sign(Array("body".utf8), secret: Array("key".utf8))
        let flipped = good.dropLast() + (good.hasSuffix("0") ? "1" : "0")
        #expect(verify(.github, good, "body ", ["key"]) == .wrong)
        #expect(verify(.github, String(flipped), "body", ["key"]) == .wrong)
        #expect(verify(.github, good.uppercased(), "body", ["key"]) == .malformed, "the prefix is exact")
        for text in [String(good.dropLast()), good + "0", "sha256=", "sha1=abc", "sha256=" + good, "sha256=zz", "ü"] {
            #expect(verify(.github, text, "body", ["key"]) == .malformed, "\(text)")
        }
        #expect(verify(.github, nil, "body", ["key"]) == .missing)
        #expect(verify(.github, "", "body", ["key"]) == .missing)
    }

    @Test("are neither made nor found valid with an empty secret")
    func emptySecret() throws {
        #expect { try HMACSignature.github.sign([], secret: []) } throws: { ($0 as? OutboundError)?.code == .badSecret }
        // HMAC-SHA256 of nothing with an empty key.
        let known = "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(verify(.github, known, "", [""]) == .wrong)
    }

    @Test("have a plain sibling: tokens that are compared as a whole")
    func tokens() {
        let secrets = [Array("right".utf8), Array("next".utf8)]
        #expect(SecretToken.verify("right", secrets: secrets) == .valid)
        #expect(SecretToken.verify("next", secrets: secrets) == .valid)
        #expect(SecretToken.verify("Right", secrets: secrets) == .wrong)
        #expect(SecretToken.verify("righ", secrets: secrets) == .wrong)
        #expect(SecretToken.verify("", secrets: secrets + [[]]) == .missing)
        #expect(SecretToken.verify(nil, secrets: secrets) == .missing)
        #expect(SecretToken.verify("x", secrets: [[]]) == .wrong)
    }

    private func verify(
        _ scheme: HMACSignature, _ signature: String?, _ body: String, _ secrets: [String]
    ) -> SignatureVerdict {
        scheme.verify(signature, body: Array(body.utf8), secrets: secrets.map { Array($0.utf8) })
    }
}
