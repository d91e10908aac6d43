import Testing
import Values

@Suite("The JSON reader")
struct JSONReaderTests {
    @Test(
        arguments: [
            ("null", .null), (" true ", true), ("\t[1,\r\n2]", [1, 2]), (#"{"a":{}}"#, ["a": [:]]), ("[]", []),
            ("-0", 0),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""é\u00e9\ud83d\uDE00😀""#, "éé😀😀"),
            ("\"\u{7F}\"", "\u{7F}"),
            (#"{"":1}"#, ["": 1]), ("1E2", 100), ("0.5e+1", 5), ("\"\u{2028}\"", "\u{2028}"), ("-0.0", 0),
        ] as [(String, JSON)])
    func `reads what RFC 8259 allows`(_ text: String, _ value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(
        arguments: [
            ("", 1, "the text ends"), ("  ", 3, "the text ends"), ("nul", 1, "expected a value"),
            ("True", 1, "expected a value"), ("[1,]", 4, "expected a value"), ("[1 2]", 4, "`,` or `]`"),
            ("{1:2}", 2, "key in double quotes"), (#"{"a" 1}"#, 6, "`:`"), (#"{"a":1,}"#, 8, "key"),
            ("01", 1, "not a number"), ("-", 1, "not a number"), ("+1", 1, "expected a value"),
            ("1.", 1, "not a number"),
            (".5", 1, "expected a value"), ("1e", 1, "not a number"), ("NaN", 1, "expected a value"),
            ("'a'", 1, "expected a value"), ("\"a", 1, "no closing quote"), ("\"\t\"", 2, "control character"),
            (#""\x""#, 2, "must be followed"), (#""\u12g4""#, 2, "hexadecimal"), ("1 2", 3, "expected the end"),
            ("[1]]", 4, "expected the end"), ("1 // a", 3, "expected the end"), ("[", 2, "the text ends"),
            ("[1}", 3, "`,` or `]`"), ("\u{A0}1", 1, "found byte 0xc2"), ("1\u{0}", 2, "expected the end"),
        ])
    func `refuses what RFC 8259 does not allow, with the place`(_ text: String, _ column: Int, _ part: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.column == column)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test(
        "Refuses depth over 64, duplicate keys, lone surrogates, NUL and 1e400 (fault F114)",
        arguments: [
            (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), "64 deep"),
            (String(repeating: "[", count: 513), "64 deep"), (String(repeating: #"{"a":"#, count: 65), "64 deep"),
            (#"{"a":1,"a":2}"#, "duplicate key `a`, first at line 1, column 2"),
            (#"{"a":1,"\u0061":2}"#, "duplicate key"),
            ("{\"\u{E9}\":1,\"e\u{301}\":2}", "other code points"), (#""\ud800""#, "surrogate"),
            (#""\udc00""#, "surrogate"),
            (#""\ud800\u0041""#, "surrogate"), (#""\ud800x""#, "surrogate"), (#""\u0000""#, "\\u0000"),
            ("\"\u{0}\"", "control character"), ("1e400", "not a number"), ("-1e400", "not a number"),
            ("1e-99999", "not a number"), ("\u{FEFF}1", "byte order mark"),
            (String(repeating: "1", count: 1001), "a number of 1001 characters"),
        ])
    func refusesHostile(_ text: String, _ part: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test func `reads 64 levels`() throws {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try JSON(parsing: text).canonicalText == text)
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0x61, 0xC3, 0x22], 2), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xC0, 0x80, 0x22], 1), ([0x22, 0x5C, 0x6E, 0xF5, 0x22], 3),
        ] as [([UInt8], Int)])
    func `refuses malformed UTF-8`(_ bytes: [UInt8], _ offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
        #expect(error?.message == "malformed UTF-8")
        #expect(error?.offset == offset)
    }

    @Test func `limits on bytes and values hold`() throws {
        #expect(throws: JSONError.self) { try JSON(parsing: "[1,2]", limits: JSONLimits(bytes: 4)) }
        #expect(throws: JSONError.self) { try JSON(parsing: "[1,2]", limits: JSONLimits(nodes: 2)) }
        #expect(try JSON(parsing: "[1,2]", limits: JSONLimits(bytes: 5, nodes: 3)) == [1, 2])
    }

    @Test func `a place counts lines and Unicode scalars`() {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "{\r\n\"ä😀\": x}") }
        #expect(error?.description.hasPrefix("line 2, column 7: ") == true, "\(String(describing: error))")
    }
}
