import Testing
import Values

@Suite("JSON Schema")
struct JSONSchemaTests {
    @Test func `a violation tells the place in the value, the keyword's place and what must be`() throws {
        let schema = try JSONSchema([
            "type": "object", "required": ["city"], "additionalProperties": false,
            "properties": ["city": ["type": "string", "minLength": 2], "days": ["type": "integer", "maximum": 7]],
        ])
        #expect(schema.validate(["city": "Bonn", "days": 3]) == [])
        #expect(
            texts(schema.validate(["city": "B", "days": 9.5, "units": "C"])) == [
                "/city must have at least 2 characters /properties/city/minLength",
                "/days must be a whole number /properties/days/type",
                "/days must be at most 7 /properties/days/maximum",
                "/units is not allowed /additionalProperties",
            ])
        #expect(texts(schema.validate([:])) == [" must have `city` /required"])
        #expect(texts(schema.validate("Bonn")) == [" must be an object /type"])
    }

    @Test func `a failed anyOf tells what was nearest`() throws {
        let schema = try JSONSchema(["anyOf": [["type": "null"], ["properties": ["a": ["const": 1]]]]])
        #expect(
            texts(schema.validate(["a": 2])) == [
                " matches none of the 2 schemas of `anyOf`; nearest: must be null /anyOf"
            ])
    }

    @Test func `properties are told apart by code points`() throws {
        let schema = try JSONSchema(["properties": ["\u{E9}": true], "additionalProperties": false])
        #expect(schema.validate(["\u{E9}": 1]) == [])
        #expect(schema.validate(["e\u{301}": 1]).count == 1)
    }

    @Test func `numbers are compared exactly`() throws {
        let schema = try JSONSchema(try JSON(parsing: #"{"maximum":9007199254740993,"multipleOf":0.1}"#))
        #expect(schema.validate(try JSON(parsing: "9007199254740993")) == [])
        #expect(schema.validate(try JSON(parsing: "9007199254740994")).count == 1)
        #expect(schema.validate(try JSON(parsing: "0.3")) == [])
        #expect(schema.validate(try JSON(parsing: "0.35")).count == 1)
    }

    @Test func `unevaluated properties are not told where another keyword failed`() throws {
        let schema = try JSONSchema([
            "properties": ["a": ["type": "integer"]], "unevaluatedProperties": false,
        ])
        #expect(texts(schema.validate(["a": "x"])) == ["/a must be a whole number /properties/a/type"])
        #expect(texts(schema.validate(["b": 1])) == ["/b is not allowed /unevaluatedProperties"])
    }

    @Test(
        arguments: [
            (#"{"type":"text"}"#, "/type"), (#"{"type":[]}"#, "/type"), (#"{"minLength":-1}"#, "/minLength"),
            (#"{"minLength":"3"}"#, "/minLength"), (#"{"properties":[]}"#, "/properties"), ("3", ""),
            (#"{"properties":{"a":{"pattern":"("}}}"#, "/properties/a/pattern"), (#"{"allOf":[]}"#, "/allOf"),
            (#"{"patternProperties":{"(":{}}}"#, "/patternProperties/("), (#"{"items":[{}]}"#, "/items"),
            (#"{"multipleOf":0}"#, "/multipleOf"), (#"{"required":["a",1]}"#, "/required"),
            (##"{"$ref":"#/$defs/a"}"##, "/$ref"), (##"{"$ref":"#a"}"##, "/$ref"), (##"{"$ref":"#/%zz"}"##, "/$ref"),
            (#"{"$defs":{"a":{"enum":1}}}"#, "/$defs/a/enum"), (##"{"$id":"#a"}"##, "/$id"),
            (#"{"not":{"$anchor":"a"},"if":{"$anchor":"a"}}"#, "/not/$anchor"),
        ])
    func `a schema that is none is refused with the place`(_ text: String, _ pointer: String) throws {
        let json = try JSON(parsing: text)
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(json) }
        #expect(error?.pointer.text == pointer)
    }

    @Test func `a reference to another document is refused, and says what to do`() {
        let error = #expect(throws: JSONSchemaError.self) {
            try JSONSchema(["items": ["$ref": "https://example.com/a.json"]])
        }
        #expect(error?.pointer.text == "/items/$ref")
        #expect(error?.message.contains("copy that schema into `$defs`") == true)
    }

    @Test(
        arguments: [
            ##"{"$ref":"#"}"##, ##"{"$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}"##,
        ])
    func `a schema that applies itself to the same value is refused`(_ text: String) throws {
        let json = try JSON(parsing: text)
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(json) }
        #expect(error?.message.contains("refers back to itself") == true)
    }

    @Test func `a recursive schema follows the value`() throws {
        let schema = try JSONSchema(
            try JSON(parsing: ##"{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}"##))
        #expect(schema.validate(["next": ["next": [:]]]) == [])
        #expect(texts(schema.validate(["next": ["next": 1]])) == ["/next/next must be an object /type"])
    }

    @Test func `work that doubles with each level ends with a violation`() throws {
        let schema = try JSONSchema(
            try JSON(
                parsing: ##"{"$defs":{"a":{"allOf":[{"items":{"$ref":"#/$defs/a"}},{"items":{"$ref":"#/$defs/a"}}]}},"##
                    + ##""not":{"$ref":"#/$defs/a"}}"##))
        let deep = try JSON(parsing: String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
        let violations = schema.validate(deep)
        #expect(violations.count == 1)
        #expect(violations.first?.message.contains("steps") == true)
    }

    @Test func `a pattern that is given up makes the value invalid, also below not`() throws {
        let schema = try JSONSchema(["not": ["pattern": "^(a+)+$"]])
        let violations = schema.validate(.string(String(repeating: "a", count: 40) + "b"))
        #expect(violations.first?.message.contains("too many steps") == true)
    }

    @Test(
        arguments: [
            (#"^\p{Letter}$"#, "ä", true), (#"^\p{General_Category=Lu}$"#, "a", false), (#"^\P{Number}$"#, "7", false),
            (#"^\p{Script=Greek}+$"#, "λόγος", true), (#"^\\p$"#, #"\p"#, true),
            (#"^[\p{Letter}-]\p{Nd}$"#, "-1", true),
        ])
    func `patterns may name Unicode properties as ECMA-262 does`(_ text: String, _ value: String, _ isValid: Bool)
        throws
    {
        #expect(try JSONSchema(["pattern": .string(text)]).validate(.string(value)).isEmpty == isValid)
    }

    @Test func `at most 100 violations are told`() throws {
        let schema = try JSONSchema(["items": ["type": "string"]])
        #expect(schema.validate(.array(Array(repeating: 1, count: 500))).count == 100)
    }

    private func texts(_ violations: [JSONSchemaViolation]) -> [String] {
        violations.map { "\($0.instancePath.text) \($0.message) \($0.schemaPath.text)" }
    }
}
