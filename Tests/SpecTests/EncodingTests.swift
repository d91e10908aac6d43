import Spec
import TestSupport
import Testing
import Values

@Suite struct EncodingTests {
    @Test func `a byte order mark is skipped, and columns are right behind it (fault A16)`() {
        #expect(readYAML("\u{FEFF}a: *x\n").summary == ["1:4 unknown-alias"])
        #expect(readYAML("\u{FEFF}a: 1\nb: *x\n").summary == ["2:4 unknown-alias"])
        #expect(readYAML("\u{FEFF}# note\n---\na: *x\n").summary == ["3:4 unknown-alias"])
    }

    @Test(arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]])
    func `UTF-16 is refused (fault A16)`(bytes: [UInt8]) {
        let reading = YAMLReader.read(bytes, path: "a.yaml")
        #expect(reading.summary == ["1:1 not-utf8"])
    }

    @Test(
        arguments: [
            ([0xE9], "not-utf8"), ([0xC0, 0xAF], "not-utf8"), ([0xE2, 0x82], "not-utf8"),
            ([0xED, 0xA0, 0x80], "not-utf8"),
            ([0xF5, 0x80, 0x80, 0x80], "not-utf8"), ([0x80], "not-utf8"), ([0x00], "control-character"),
            ([0x1B], "control-character"), ([0x7F], "control-character"), ([0xC2, 0x9B], "control-character"),
            ([0xC2, 0x85], "control-character"), ([0xE2, 0x80, 0xA8], "control-character"),
            ([0xE2, 0x80, 0xA9], "control-character"), ([0xEF, 0xBF, 0xBE], "control-character"),
        ] as [([UInt8], String)])
    func `a byte that is no text is told at its true line and column (fault A17)`(bytes: [UInt8], code: String) {
        for (lineEnd, name) in [("\n", "LF"), ("\r\n", "CRLF"), ("\r", "CR")] {
            let before = Array("a: 1\(lineEnd)# \u{E9}\u{1F600}\(lineEnd)b: x".utf8)
            let reading = YAMLReader.read(before + bytes, path: "a.yaml")
            #expect(reading.summary == ["3:5 \(code)"], "\(name)")
            let inside = YAMLReader.read(before + bytes + Array("\(lineEnd)c: 1".utf8), path: "a.yaml")
            #expect(inside.summary == ["3:5 \(code)"], "\(name)")
        }
    }

    @Test(arguments: [
        ("\u{7}", "a control character (byte 0x07)"), ("\u{85}", "a control character (U+0085)"),
        ("\u{2028}", "a line separator (U+2028)"), ("\u{FFFE}", "what is no character (U+FFFE)"),
    ])
    func `what is no text is named`(text: String, message: String) {
        let reading = YAMLReader.read(Array("a: \(text)b".utf8), path: "a.yaml")
        #expect(reading.diagnostics.map(\.message) == ["\(message) stands here"])
    }

    @Test func `columns count Unicode scalars`() {
        #expect(readYAML("'\u{E9}\u{1F600}e\u{301}': *x").summary == ["1:9 unknown-alias"])
    }

    @Test func `other line ends give the same places (fault A26)`() {
        for end in ["\n", "\r\n", "\r"] {
            #expect(readYAML("a: |\(end)  two\(end)  lines\(end)b: *x\(end)").summary == ["4:4 unknown-alias"])
        }
    }

    @Test func `a text keeps emoji, tabs inside and escapes`() throws {
        let node = try #require(readYAML("a: \"\\u00e9\\t\\U0001F600\"").documents.first?["a"])
        guard case .scalar(let text, let isPlain) = node.content else {
            Issue.record("a quoted text should be a scalar")
            return
        }
        #expect(text == "\u{E9}\t\u{1F600}")
        #expect(!isPlain)
    }

    @Test func `a file with a wrong byte is refused whole`() throws {
        let bytes = Array("apiVersion: writ/v1\nkind: User\nmetadata: {name: a}\nspec: {displayName: ".utf8)
        let snapshot = MemorySnapshot(bytes: ["a.yaml": bytes + [0xE9, 0x7D]])
        let loaded = try CatalogLoader(zones: .system).load(snapshot)
        #expect(loaded.diagnostics.map(\.text) == ["a.yaml:4:21: error: byte 0xE9 is not valid UTF-8 here [not-utf8]"])
        #expect(loaded.catalog.resources.isEmpty)
    }
}
