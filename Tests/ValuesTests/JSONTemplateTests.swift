import Testing
import Values

@Suite("JSON templates")
struct JSONTemplateTests {
    private static let event: JSON = ["n": 12, "s": "say \"hi\"", "list": [1, 2], "none": .null]

    @Test func `a string that is one tag becomes the value, others stay strings`() throws {
        let template = try JSONTemplate([
            "number": "{{n}}", "text": "n={{n}}", "quoted": "{{ s }}", "list": ["{{list}}", "{{{list.1}}}", 7],
            "none": "{{none}}", "missing": "{{a.b}}", "space": " {{n}}", "{{n}}": true,
        ])
        #expect(
            try template.render(Self.event) == [
                "number": 12, "text": "n=12", "quoted": "say \"hi\"", "list": [[1, 2], 2, 7], "none": .null,
                "missing": .null,
                "space": " 12", "{{n}}": true,
            ])
        #expect(template.roots == ["n", "s", "list", "none", "a"])
    }

    @Test func `an error tells the leaf`() {
        let error = #expect(throws: TemplateError.self) { try JSONTemplate(["a": ["fine", "{{> x}}"]]) }
        #expect(error?.pointer.text == "/a/1")
        #expect(error?.description.hasPrefix("/a/1: line 1, column 1: ") == true)
    }

    @Test func `all leaves together are bounded`() throws {
        let template = try JSONTemplate(.array(Array(repeating: "{{s}}", count: 20)))
        let object: JSON = ["s": .string(String(repeating: "a", count: 100_000))]
        #expect(throws: TemplateError.self) { try template.render(object) }
    }
}
