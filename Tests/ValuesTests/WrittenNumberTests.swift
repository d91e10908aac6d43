import Testing
import Values

@Suite("Numbers as their sender wrote them")
struct WrittenNumberTests {
    private static let literals = [
        "1.10", "12345678901234567890123", "-0", "-0.0", "1E3", "0.000", "100000000000000000000000", "9007199254740993",
        "1e-7", "0.1e1", "123456789012345678", "-12345678901234567", String(repeating: "7", count: 300), "0", "-5",
    ]

    @Test(arguments: literals)
    func `a template puts them in as they were written`(_ literal: String) throws {
        let event = try JSON(parsing: #"{"n": \#(literal), "list": [\#(literal)]}"#)
        for encoding in [Template.Encoding.text, .json] {
            #expect(try Template("<{{n}}>", encoding: encoding).render(event) == "<\(literal)>")
            #expect(try Template("{{list}} {{list.0}}", encoding: encoding).render(event) == "[\(literal)] \(literal)")
            #expect(try Template("{{#list}}{{.}}{{/list}}", encoding: encoding).render(event) == literal)
        }
        #expect(
            try Template("{{n}}", encoding: .url).render(event) == literal, "what stands in a number needs no encoding")
        let body = try JSONTemplate(["n": "{{n}}", "text": "{{n}}!", "list": "{{list}}"]).render(event)
        #expect(body.writtenText == #"{"list":[\#(literal)],"n":\#(literal),"text":"\#(literal)!"}"#)
    }

    @Test(arguments: literals)
    func `how they are written changes neither their value nor the canonical text`(_ literal: String) throws {
        let number = try JSON(parsing: literal)
        let value = try #require(JSONNumber(literal: literal))
        #expect(number == .number(value))
        #expect(Set([number, .number(value)]).count == 1)
        #expect(number.canonicalText == value.text)
        #expect(number.writtenText == literal)
        #expect(Digest(of: number) == Digest(of: .number(value)))
        // Read and written once more, it is the same.
        #expect(try JSON(parsing: number.writtenText).writtenText == literal)
    }

    @Test(arguments: ["01", "-", "1.", "-01", "1e400", String(repeating: "1", count: 400)])
    func `what no double can hold is refused, whoever writes it`(_ literal: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: "[\(literal)]") }
    }

    @Test func `what was computed has its shortest text`() {
        #expect(JSON.array([.number(JSONNumber(12)), 0.10]).writtenText == "[12,0.1]")
        #expect(JSONNumber(literal: "1.10")?.writtenText == "1.1")
    }
}
