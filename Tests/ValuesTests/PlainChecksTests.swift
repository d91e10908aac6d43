import Foundation
import Testing

@testable import Values

/// The quick looks at templates and schemas may only say yes where the thorough ones do.
@Suite("Quick checks of templates and schemas")
struct PlainChecksTests {
    @Test(
        arguments: [
            "", "no tags", "{ {", "}}", "{{a}}", "{{ payload.commits.0.id }}", "a {{b}}{{c_d}} e\nf {{g-h}}", "{a}",
            "{{a}} }",
        ])
    func `a template of values alone is seen to be sound`(_ text: String) throws {
        #expect(PlainTemplate.isSound(text))
        try Template.check(text)
    }

    @Test(
        arguments: [
            "{{#a}}x{{/a}}", "{{! note }}", "{{{a}}}", "{{&a}}", "{{.}}", "é {{a}}", "a\r\n{{b}}", "{{\ta}}",
        ])
    func `anything else is left to the scanner, which takes it`(_ text: String) throws {
        #expect(!PlainTemplate.isSound(text))
        try Template.check(text)
    }

    /// Short texts of the bytes that matter.
    @Test func `no template that the scanner refuses is seen to be sound`() {
        let bytes = Array("{}a. #-\n".utf8)
        var generator = SystemRandomNumberGenerator()
        var sound = 0
        for _ in 0..<60_000 {
            var text = "{{"
            for _ in 0..<Int.random(in: 0...7, using: &generator) {
                text.unicodeScalars.append(Unicode.Scalar(bytes.randomElement(using: &generator) ?? 0x61))
            }
            text += Bool.random(using: &generator) ? "}}" : ""
            guard PlainTemplate.isSound(text) else { continue }
            sound += 1
            #expect(throws: Never.self, "\(text)") { _ = try TemplateScanner.tokens(of: text) }
        }
        #expect(sound > 100)
    }

    @Test func `the plain schemas of a tool are seen to be sound`() throws {
        let schema = try JSON(
            parsing: """
                {"type": "object", "required": ["city"], "additionalProperties": false, "properties": {
                    "city": {"type": "string", "minLength": 2, "description": "Where."},
                    "days": {"type": "integer", "minimum": 1, "maximum": 14, "default": 3},
                    "units": {"enum": ["metric", "imperial"]},
                    "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true, "maxItems": 4}}}
                """)
        #expect(PlainJSONSchema.isSound(schema))
    }

    @Test(
        arguments: [
            #"{"type": "text"}"#, #"{"minLength": -1}"#, #"{"minLength": 1.5}"#, #"{"required": "a"}"#,
            #"{"required": [1]}"#, #"{"properties": []}"#, #"{"properties": {"a": 1}}"#, #"{"enum": "a"}"#,
            #"{"minimum": "1"}"#, #"{"items": [{}]}"#, #"{"uniqueItems": 1}"#, ##"{"$ref": "#/none"}"##, "[]",
        ])
    func `no schema that the compiler refuses is seen to be sound`(_ text: String) throws {
        let schema = try JSON(parsing: text)
        #expect(!PlainJSONSchema.isSound(schema))
        #expect(throws: JSONSchemaError.self) { try JSONSchema.check(schema) }
    }

    /// Every value of the official suite taken for a schema: whatever is seen to be sound compiles.
    @Test(arguments: JSONSchemaSuiteTests.files)
    func `schemas of the suite that are seen to be sound compile`(_ file: String) throws {
        var limits = JSONLimits()
        limits.allowsNUL = true
        let bytes = try Data(contentsOf: JSONSchemaSuiteTests.directory.appending(path: file))
        var waiting = [try JSON(parsing: Array(bytes), limits: limits)]
        while let value = waiting.popLast() {
            if PlainJSONSchema.isSound(value) {
                #expect(throws: Never.self, "\(value)") { _ = try JSONSchema(value) }
            }
            waiting += value.array ?? value.object.map { Array($0.values) } ?? []
        }
    }
}
