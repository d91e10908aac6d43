import Spec
import TestSupport
import Testing
import Values

@Suite struct JSONSchemaWriterTests {
    @Test func `the schema is of draft 7, and every definition is used and there`() throws {
        for schema in [JSONSchemaWriter.manifest(), JSONSchemaWriter.settings()] {
            #expect(schema["$schema"] == "http://json-schema.org/draft-07/schema#")
            var references: Set<String> = []
            Self.walk(schema) { if let reference = $0["$ref"]?.string { references.insert(reference) } }
            let definitions = schema["definitions"]?.object?.keys.map { "#/definitions/\($0)" } ?? []
            #expect(references == Set(definitions))
        }
    }

    /// What draft 7 knows; a keyword beside `$ref` would be ignored there.
    @Test func `only keywords of draft 7 are used, and none beside a reference`() {
        let keywords: Set<String> = [
            "$schema", "$ref", "title", "description", "default", "type", "enum", "const", "pattern", "maxLength",
            "minimum", "maximum", "items", "maxItems", "properties", "additionalProperties", "required", "allOf",
            "anyOf", "oneOf", "not", "if", "then", "definitions",
        ]
        for schema in [JSONSchemaWriter.manifest(), JSONSchemaWriter.settings()] {
            Self.walk(schema) { node in
                #expect(Set(node.keys).isSubset(of: keywords), "\(node.keys)")
                if node["$ref"] != nil { #expect(node.count == 1) }
            }
        }
    }

    @Test func `it accepts the complete manifests`() throws {
        let whole = try JSONSchema(JSONSchemaWriter.manifest())
        for (path, document) in try documents() {
            #expect(whole.validate(document).map(\.description) == [], "\(path)")
            let kind = try #require(document["kind"]?.string.flatMap { KindCatalog[KindName(rawValue: $0)] })
            #expect(try JSONSchema(JSONSchemaWriter.manifest(of: kind)).validate(document).isEmpty, "\(path)")
        }
    }

    @Test func `it refuses an unknown field anywhere in them`() throws {
        let schema = try JSONSchema(JSONSchemaWriter.manifest())
        for (path, document) in try documents() {
            guard let spec = document["spec"]?.object, var object = document.object else { continue }
            object["spec"] = .object(spec.merging(["unknownField": 1]))
            #expect(!schema.validate(.object(object)).isEmpty, "\(path)")
            object["spec"] = .object(spec)
            object["unknownField"] = 1
            #expect(!schema.validate(.object(object)).isEmpty, "\(path)")
        }
    }

    @Test(arguments: [
        #"{"apiVersion":"writ/v2","kind":"User","metadata":{"name":"a"},"spec":{}}"#,
        #"{"apiVersion":"writ/v1","kind":"Usr","metadata":{"name":"a"},"spec":{}}"#,
        #"{"apiVersion":"writ/v1","kind":"User","metadata":{"name":"A"},"spec":{}}"#,
        #"{"apiVersion":"writ/v1","kind":"User","metadata":{},"spec":{}}"#,
        #"{"apiVersion":"writ/v1","kind":"User","metadata":{"name":"a"}}"#,
        #"{"apiVersion":"writ/v1","kind":"User","metadata":{"name":"a"},"spec":{"role":"king"}}"#,
        #"{"apiVersion":"writ/v1","kind":"User","metadata":{"name":"a"},"spec":{"suspend":"yes"}}"#,
        #"{"apiVersion":"writ/v1","kind":"Prompt","metadata":{"name":"a"},"spec":{}}"#,
        #"{"apiVersion":"writ/v1","kind":"Channel","metadata":{"name":"a"},"spec":{}}"#,
        #"{"apiVersion":"writ/v1","kind":"Provider","metadata":{"name":"a"},"spec":{"type":"openai","apiKey":"x"}}"#,
        #"{"apiVersion":"writ/v1","kind":"Provider","metadata":{"name":"a"},"spec":{"type":"openai","timeout":"5"}}"#,
        #"{"apiVersion":"writ/v1","kind":"Provider","metadata":{"name":"a"},"spec":{"type":"openai","concurrency":0}}"#,
    ]) func `it refuses what writ refuses`(text: String) throws {
        let document = try JSON(parsing: Array(text.utf8))
        #expect(try !JSONSchema(JSONSchemaWriter.manifest()).validate(document).isEmpty)
    }

    /// Editors must neither mark what writ takes nor pass what it refuses.
    @Test(
        arguments: [
            (
                "timeout", ["30s", "1h30m", "7d", "1d2h3m4s5ms", "500ms", "0s"],
                ["", "5", "5m1h", "1.5h", "-1s", "5 m", "m"]
            ),
            (
                "baseURL", ["https://example.com", "http://a:8080/v1", "https://a/b@c", "https://a?b=c", "HTTPS://a/"],
                ["ftp://a", "https://", "https://a@b/", "https://a b", "example.com"]
            ),
        ] as [(String, [String], [String])])
    func `a pattern says the same as the reader`(field: String, good: [String], bad: [String]) throws {
        let schema = try JSONSchema(JSONSchemaWriter.manifest())
        for (text, isGood) in good.map({ ($0, true) }) + bad.map({ ($0, false) }) {
            let document: JSON = [
                "apiVersion": "writ/v1", "kind": "Provider", "metadata": ["name": "a"],
                "spec": ["type": "openai", field: .string(text)],
            ]
            let files = ["a.yaml": document.canonicalText]
            let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(files))
            #expect(loaded.isValid == isGood, "\(text)")
            #expect(schema.validate(document).isEmpty == isGood, "\(text)")
        }
    }

    /// Writ keeps a number without quotes as the text that it is, where that can be right (fault A12).
    @Test(arguments: [
        ("name: a\n  labels: {version: 4.1}", "type: openai", true),
        ("name: 5", "type: openai", true),
        ("name: a\n  annotations: {build: 12}", "type: openai", true),
        ("name: a", "type: openai\n  headers: {X-Version: 2}", true),
        ("name: a", "type: openai\n  timeout: 5", false),
        ("name: a", "type: openai\n  apiKey: {env: 5}", false),
        ("name: a", "type: replay\n  transcripts: t.jsonl", true),
        ("name: a", "type: replay", false),
        ("name: a", "type: openai\n  transcripts: t.jsonl", false),
    ])
    func `reader and schema agree`(metadata: String, spec: String, isGood: Bool) throws {
        let text = "apiVersion: writ/v1\nkind: Provider\nmetadata:\n  \(metadata)\nspec:\n  \(spec)\n"
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(["a.yaml": text, "t.jsonl": "{}\n"]))
        #expect(loaded.isValid == isGood, "\(loaded.diagnostics.map(\.text))")
        let node = try #require(YAMLReader.read(Array(text.utf8), path: "a.yaml").documents.first)
        let problems = try JSONSchema(JSONSchemaWriter.manifest()).validate(Self.json(node))
        #expect(problems.isEmpty == isGood, "\(problems.map(\.description))")
    }

    @Test(arguments: [
        ("0 9 * * mon-fri", true), ("@daily", true), ("@Hourly", true), (" 0  9 * *\t1 ", true),
        ("0 9 * *", false), ("0 0 9 * * *", false), ("", false), ("@daily 5", false),
    ])
    func `a cron expression has five fields or a name`(text: String, isGood: Bool) throws {
        let schema = try JSONSchema(JSONSchemaWriter.manifest(of: Trigger.self))
        let document: JSON = [
            "apiVersion": "writ/v1", "kind": "Trigger", "metadata": ["name": "a"],
            "spec": ["agent": "b", "schedule": ["cron": .string(text)]],
        ]
        #expect(schema.validate(document).isEmpty == isGood)
        #expect(((try? CronExpression(text)) != nil) == isGood)
    }

    @Test func `the schema shows defaults and what is not acted on`() {
        let schema = JSONSchemaWriter.manifest(of: Agent.self)
        let limits = schema["definitions"]?["Agent.Limits"]?["properties"]
        #expect(limits?["maxSteps"]?["default"] == 10)
        #expect(limits?["timeout"]?["default"] == "5m")
        #expect(limits?["dailyTokens"]?["description"]?.string?.contains("Not acted on") == true)
        #expect(schema["properties"]?["kind"]?["enum"] == ["Agent"])
        #expect(JSONSchemaWriter.settings()["properties"]?["prune"]?["default"] == [:])
    }

    /// The complete manifests, as another program would read them.
    private func documents() throws -> [(path: String, document: JSON)] {
        let snapshot = try MarkedText(CompleteManifests.text).snapshot
        let paths = snapshot.files.keys.filter { $0.hasSuffix(".yaml") }.sorted()
        #expect(paths.count > 25)
        return try paths.map { path in
            let reading = YAMLReader.read(try #require(snapshot.files[path]), path: path)
            return (path, Self.json(try #require(reading.documents.first)))
        }
    }

    private static func json(_ node: Node) -> JSON {
        switch node.content {
        case .scalar(let text, let isPlain):
            switch isPlain ? CoreScalar(text) : .text {
            case .null: .null
            case .bool(let value): .bool(value)
            case .number(let number): .number(number)
            case .text, .unrepresentableNumber: .string(text)
            }
        case .sequence(let items): .array(items.map(json))
        case .mapping(let entries):
            .object(JSONMembers(entries.map { ($0.key, json($0.value)) }))
        }
    }

    /// Every schema in a schema.
    private static func walk(_ schema: JSON, _ visit: (JSONMembers) -> Void) {
        guard let object = schema.object else { return }
        visit(object)
        for (key, value) in object {
            switch key {
            case "properties", "definitions": for member in (value.object ?? [:]).values { walk(member, visit) }
            case "allOf", "anyOf", "oneOf": for member in value.array ?? [] { walk(member, visit) }
            case "items", "additionalProperties", "not", "if", "then": walk(value, visit)
            default: continue
            }
        }
    }
}
