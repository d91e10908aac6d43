import Testing
import Values

@Suite("Digests")
struct DigestTests {
    /// FIPS 180-2, appendix B.1.
    private static let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func `is the SHA-256 of the bytes, however they are held`() {
        #expect(Digest(of: Array("abc".utf8)).text == Self.abc)
        #expect(Digest(of: "xabc".utf8.dropFirst()).text == Self.abc)
        #expect(Digest(of: Array("abc".utf8).reversed().reversed()).text == Self.abc)
    }

    @Test func `of JSON does not depend on how it is written`() throws {
        let one = try JSON(parsing: #"{"a":1.0,"b":"\u00e9"}"#)
        let other = try JSON(parsing: #"{ "b":"é", "a":1 }"#)
        #expect(Digest(of: one) == Digest(of: other))
        #expect(Digest(of: one) != Digest(of: ["a": 2, "b": "é"]))
    }

    @Test func `reads its own text and nothing else`() {
        #expect(Digest(Self.abc)?.text == Self.abc)
        for text in [
            "", "sha256:", String(Self.abc.dropLast()), Self.abc + "0", Self.abc.uppercased(),
            "sha1:" + Self.abc.dropFirst(5),
        ] {
            #expect(Digest(text) == nil)
        }
        #expect(Digest("sha256:" + String(repeating: "g", count: 64)) == nil)
    }
}
