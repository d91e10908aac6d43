import Git
import Testing

struct NamesTests {
    @Test func `an object id is forty digits`() {
        let text = "0123456789abcdef0123456789abcdef01234567"
        #expect(ObjectID(text)?.text == text)
        #expect(ObjectID(text.uppercased())?.text == text)
        #expect(ObjectID(text)?.shortText == "0123456789ab")
        #expect(ObjectID(String(text.dropLast())) == nil)
        #expect(ObjectID(text + "0") == nil)
        #expect(ObjectID(String(text.dropLast()) + "g") == nil)
        #expect(ObjectID(bytes: [UInt8](repeating: 0, count: 20)) == .zero)
        #expect(ObjectID(bytes: [UInt8](repeating: 0, count: 19)) == nil)
    }

    @Test func `blob ids are git's own`() throws {
        #expect(try ObjectID.ofBlob([]).text == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
        #expect(try ObjectID.ofBlob(Array("hello\n".utf8)).text == "ce013625030ba8dba906f756967f9e9ca394464a")
    }

    @Test func `nothing that steers a terminal is shown`() {
        #expect(escapedForDisplay("a\u{1b}[31m\n") == "a\\x1b[31m\\x0a")
        #expect(escapedForDisplay("é\u{202e}\u{200b}") == "é\\u{202e}\\u{200b}")
        #expect(escapedForDisplay("aaaa", limit: 3) == "aaa…")
        #expect(escapedForDisplay(bytes: [0x61, 0xff, 0x0a]) == "a\\xff\\x0a")
    }
}
