import Testing
import Values

@Suite("The JSON writer")
struct JSONWriterTests {
    @Test(
        arguments: [
            (#" { "b" : 1.0 , "a" : [ ] } "#, #"{"a":[],"b":1}"#), (#"{"é":1,"z":2,"Z":3}"#, #"{"Z":3,"z":2,"é":1}"#),
            (#"{"\uffff":1,"😀":2}"#, "{\"\u{FFFF}\":1,\"😀\":2}"), (#""\/\u00e9\u007f""#, "\"/é\u{7F}\""),
            (#""\u0001\u001f\b\f\n\r\t\"\\""#, #""\u0001\u001f\b\f\n\r\t\"\\""#),
            ("[true,false,null]", "[true,false,null]"),
        ])
    func `the canonical text is one for each value`(_ text: String, _ canonical: String) throws {
        let value = try JSON(parsing: text)
        #expect(value.canonicalText == canonical)
        #expect(try JSON(parsing: canonical) == value)
    }

    @Test func `the pretty text is for people`() {
        let value: JSON = ["b": [1, [:]], "a": []]
        #expect(value.prettyText == "{\n  \"a\": [],\n  \"b\": [\n    1,\n    {}\n  ]\n}")
    }

    @Test func `texts in other code points are other values`() {
        #expect(JSON.string("\u{E9}") != JSON.string("e\u{301}"))
        #expect(JSON.object(["\u{E9}": 1]) != JSON.object(["e\u{301}": 1]))
        #expect(JSON.object(["\u{E9}": 1])["e\u{301}"] == nil)
        #expect(Set<JSON>(["\u{E9}", "e\u{301}", 1, 1.0]).count == 3)
    }

    @Test func `a dotted path leads to a value`() {
        let value: JSON = ["a": [["b": "c"]]]
        #expect(value.value(atPath: "a.0.b") == "c")
        #expect(value.value(atPath: "") == value)
        for path in ["a.1", "a.00", "a.-1", "b", "a.", ".a", "a.0.b.c"] { #expect(value.value(atPath: path) == nil) }
    }
}
