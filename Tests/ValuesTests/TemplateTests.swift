import Testing
import Values

@Suite("Templates")
struct TemplateTests {
    private static let event: JSON = [
        "event": "push", "none": .null, "flag": true, "off": false, "empty": [], "html": "<b> & \"c\"",
        "payload": [
            "number": 12, "ratio": 0.10, "tags": ["x", "y"],
            "commits": [["id": "a1", "message": "One"], ["id": "b2", "message": "Two"]],
            "user": ["login": "ada"], "x-key": "hyphen",
        ],
    ]

    @Test(
        arguments: [
            ("plain", "plain"), ("{{event}}", "push"), ("{{ event }}!", "push!"), ("{{payload.number}}", "12"),
            ("{{payload.ratio}}", "0.1"), ("{{payload.commits.1.message}}", "Two"), ("{{payload.tags}}", #"["x","y"]"#),
            ("{{payload.user}}", #"{"login":"ada"}"#), ("[{{none}}]", "[]"), ("[{{missing.deep}}]", "[]"),
            ("[{{payload.missing}}]", "[]"), ("{{flag}}{{off}}", "truefalse"), ("{{payload.x-key}}", "hyphen"),
            ("{{html}}", "<b> & \"c\""), ("{{{html}}}", "<b> & \"c\""), ("{{&html}}", "<b> & \"c\""),
            ("{{#payload.commits}}{{id}} {{event}};{{/payload.commits}}", "a1 push;b2 push;"),
            ("{{#payload.tags}}<{{.}}>{{/payload.tags}}", "<x><y>"), ("{{#flag}}yes{{/flag}}{{#off}}no{{/off}}", "yes"),
            ("{{^off}}off{{/off}}{{^flag}}no{{/flag}}", "off"),
            ("{{^empty}}none{{/empty}}{{#empty}}x{{/empty}}", "none"),
            ("{{^missing}}m{{/missing}}{{^none}}n{{/none}}", "mn"),
            ("{{#payload.user}}{{login}}{{/payload.user}}", "ada"),
            ("{{#payload}}{{#user}}{{login}} {{number}}{{/user}}{{/payload}}", "ada 12"), ("a{{! note }}b", "ab"),
            ("{{#payload}}{{#off}}x{{/off}}{{/payload}}", ""), ("{ {{event}} {", "{ push {"), ("{", "{"),
            ("}} {", "}} {"),
        ])
    func `values and sections render as Mustache says`(_ text: String, _ result: String) throws {
        #expect(try Template(text).render(Self.event) == result)
    }

    @Test func `a section's tag alone on its line takes the line with it`() throws {
        let text = "a\n{{#payload.tags}}\n- {{.}}\n{{/payload.tags}}\n{{! gone }}\nb"
        #expect(try Template(text).render(Self.event) == "a\n- x\n- y\nb")
    }

    @Test func `an inner false hides an outer true`() throws {
        let object: JSON = ["a": true, "list": [["a": false]]]
        #expect(try Template("{{#list}}{{#a}}yes{{/a}}{{^a}}no{{/a}}{{/list}}").render(object) == "no")
    }

    @Test(arguments: ["{{q}}", "{{{q}}}", "{{&q}}", "{{# list }}{{.}}{{/ list }}"])
    func `the encoding cannot be gone around`(_ text: String) throws {
        let object: JSON = ["q": "a b/ä?&\"~", "list": ["a b/ä?&\"~"]]
        #expect(try Template(text, encoding: .url).render(object) == "a%20b%2F%C3%A4%3F%26%22~")
        #expect(try Template(text, encoding: .json).render(object) == #""a b/ä?&\"~""#)
    }

    @Test func `a JSON body stays JSON where a value is null or missing`() throws {
        let template = try Template(#"{"a":{{none}},"b":{{missing.x}},"c":{{payload.number}}}"#, encoding: .json)
        #expect(try template.render(Self.event) == #"{"a":null,"b":null,"c":12}"#)
    }

    @Test func `what a value says is never read as a template`() throws {
        #expect(try Template("{{x}}").render(["x": "{{y}}", "y": "no"]) == "{{y}}")
    }

    @Test(
        arguments: [
            ("a\n {{> part}}", 2, 2, "partials"), ("{{% CONTENT_TYPE:HTML}}", 1, 1, "pragmas"),
            ("{{=<% %>=}}", 1, 1, "delimiters"), ("{{$a}}{{/a}}", 1, 1, "inheritance"),
            ("{{<a}}{{/a}}", 1, 1, "inheritance"), ("ü {{a b}}", 1, 3, "letters, digits"), ("{{a", 1, 1, "not closed"),
            ("{{{a}}", 1, 1, "not closed"), ("{{#a}}x", 1, 1, "no closing tag"), ("x{{/a}}", 1, 2, "closes no section"),
            ("{{#a}}{{#b}}{{/a}}{{/b}}", 1, 13, "`{{/b}}` is expected"), ("{{}}", 1, 1, "letters, digits"),
            ("{{a..b}}", 1, 1, "letters, digits"), ("{{upper(a)}}", 1, 1, "functions"), ("{{a*1}}", 1, 1, "letters"),
            ("{{! open", 1, 1, "not closed"),
        ])
    func `what is not supported or wrong is refused with its place`(
        _ text: String, _ line: Int, _ column: Int, _ part: String
    ) {
        let error = #expect(throws: TemplateError.self) { try Template(text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.message.contains(part) == true)
    }

    @Test func `a comment behind a joining character hides no tags`() throws {
        // To swift-mustache U+0600 and the brace are one character, so that no tag begins there.
        let text = "\u{600}{{!" + String(repeating: "{{#a}}", count: 40)
        #expect(throws: TemplateError.self) { try Template(text) }
    }

    @Test func `sections nest 32 deep and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "{{#a}}", count: depth) + "x" + String(repeating: "{{/a}}", count: depth)
        }
        #expect(try Template(nested(32)).render(["a": true]) == "x")
        let error = #expect(throws: TemplateError.self) { try Template(nested(33)) }
        #expect(error?.message.contains("32 deep") == true)
    }

    @Test(
        arguments: [
            "{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}x{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}",
            "{{#a}}{{b}}{{/a}}", "{{#a}}{{^c}}0123456789012345678901234567890123456789{{/c}}{{/a}}",
        ])
    func `a small template that would render to something huge is refused`(_ text: String) throws {
        let object: JSON = [
            "a": .array(Array(repeating: 1, count: 30_000)), "b": .string(String(repeating: "b", count: 1000)),
        ]
        let template = try Template(text)
        #expect(throws: TemplateError.self) { try template.render(object) }
    }

    @Test func `a text of 1 MiB renders, and a byte more does not`() throws {
        let template = try Template("{{a}}")
        #expect(try template.render(["a": .string(String(repeating: "a", count: 1 << 20))]).utf8.count == 1 << 20)
        #expect(throws: TemplateError.self) {
            try template.render(["a": .string(String(repeating: "a", count: 1 << 20 + 1))])
        }
    }

    @Test func `a long template renders in pieces as it does in one`() throws {
        let line = "## {{event}} of {{payload.user.login}} { and text\r\n"
        let text = String(repeating: line, count: 2000)
        let expected = String(repeating: "## push of ada { and text\r\n", count: 2000)
        #expect(try Template(text).render(Self.event) == expected)
        #expect(throws: TemplateError.self) { try Template(String(repeating: "x", count: 256 << 10 + 1)) }
    }

    @Test func `a section of 2,000 lines parses, and one of 20,000 is refused before it takes long`() throws {
        func section(_ lines: Int) -> String { "{{#a}}" + String(repeating: "{{b}} {\n", count: lines) + "{{/a}}" }
        #expect(try Template(section(2000)).render(["a": true, "b": 1]).utf8.count == 8000)
        let error = #expect(throws: TemplateError.self) { try Template(section(20_000)) }
        #expect(error?.message.contains("too many tags") == true)
    }

    @Test func `roots are the names asked of the object itself`() throws {
        let text =
            "{{event}} {{#payload.commits}}{{id}}{{#x}}{{y}}{{/x}}{{/payload.commits}}{{^none}}{{agent}}{{/none}}{{.}}"
        #expect(try Template(text).roots == ["event", "payload", "none", "agent"])
    }
}
