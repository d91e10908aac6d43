import Foundation
import TestSupport
import Testing
import Values

@testable import Spec

/// What the quick way says of a manifest is what the thorough one says of it, to the byte.
@Suite("The quick way to read manifests")
struct PlainReadingTests {
    /// A file as both ways read it; nil of the first where it leaves the file to the second.
    private struct Both {
        let quick: FileReading?
        let thorough: FileReading

        init(_ path: String, of snapshot: MemorySnapshot) throws {
            let entry = try #require(try snapshot.entry(at: path))
            let loader = CatalogLoader(zones: .system, readsThoroughly: true)
            let surroundings = SnapshotSurroundings(snapshot, zones: .system, limits: loader.limits)
            thorough = try #require(try loader.read([entry], snapshot, surroundings).first)
            let others = SnapshotSurroundings(snapshot, zones: .system, limits: loader.limits)
            var plain = PlainReading(others)
            let asked = FileSurroundings(others)
            let bytes = try snapshot.contents(of: entry, limit: .max)
            guard let documents = plain.documents(of: bytes, path: path, asked, loader.yamlLimits) else {
                quick = nil
                return
            }
            var file = thorough.file
            file.includes = asked.included.sorted()
            file.declares = documents.compactMap(\.declared).sorted()
            file.diagnostics = []
            file.unsound = []
            file.hidesNames = false
            quick = FileReading(file: file, documents: documents, isWhole: true)
        }

        var quickText: String? { quick.map(Self.text) }
        var thoroughText: String { Self.text(thorough) }

        /// All of it, in words.
        private static func text(_ reading: FileReading) -> String {
            let documents = reading.documents.map { document -> String in
                let manifest = document.resource?.manifest
                let outline = document.resource?.outline
                return """
                    declared \(document.declared?.description ?? "-") at \(document.nameMark) \(document.renamedFrom ?? "-")
                    references \(document.references)
                    calls \(outline?.calls ?? []) bot \(outline?.bot?.token ?? "-") from \(outline?.renamedFrom?.name ?? "-")
                    \(manifest.map { "\($0.id) \($0.place) \($0.renamedFrom ?? "-")" } ?? "-")
                    \(String(decoding: manifest?.places.text ?? [], as: UTF8.self))
                    \(String(decoding: manifest?.canonical ?? [], as: UTF8.self))
                    """
            }
            return "\(reading.isWhole) \(reading.file)\n" + documents.joined(separator: "\n")
        }
    }

    /// Which of a repository's manifests the quick way takes, after both were held against each other.
    private func taken(of snapshot: MemorySnapshot) throws -> Set<String> {
        var taken: Set<String> = []
        for path in snapshot.files.keys where path.hasSuffix(".yaml") && path != "writ.yaml" {
            let both = try Both(path, of: snapshot)
            guard let quick = both.quickText else { continue }
            taken.insert(path)
            #expect(quick == both.thoroughText, "\(path)")
        }
        return taken
    }

    private static func manifest(_ kind: String, _ spec: String) -> String {
        "apiVersion: writ/v1\nkind: \(kind)\nmetadata: {name: a-name, labels: {team: payments}}\nspec:\n"
            + spec.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n") + "\n"
    }

    private static let usual: [String: String] = [
        "agent.yaml": manifest(
            "Agent",
            """
            description: Answers what is asked.
            owner: ada
            persona: {file: persona.md}
            model: {provider: main, name: gpt-4.1-mini, temperature: 0.6, maxOutputTokens: 1200, seed: -7}
            systemPrompt: |
              You see {{payload.name}}.
              Say "hello", and \\ nothing else.
            tools: [search, {name: look}]
            limits: {maxSteps: 6, timeout: 4m, concurrency: 4}
            """),
        "tool.yaml": manifest(
            "Tool",
            """
            timeout: 90s
            description: Looks it up.
            parameters:
              type: object
              properties: {ticket: {type: string, minLength: 2}, limit: {type: integer, maximum: 20, default: 1e1}}
              required: [ticket]
              additionalProperties: false
            http:
              url: https://example.com/v1/search
              query: {q: "{{ticket}}", limit: "{{limit}}"}
              headers: {Accept: application/json, X-Key: {env: KEY}}
              auth: {bearer: {env: TICKET_TOKEN}}
            """),
        "schedule.yaml": manifest(
            "Trigger",
            """
            agent: a-name
            schedule: {cron: 57 3 * * mon-fri, timeZone: Europe/London, catchUp: latest, catchUpWindow: 2h}
            input: Write it for {{scheduledAt}}.
            deliver: [ops]
            retry: {maxAttempts: 5, backoff: 30s}
            """),
        "webhook.yaml": manifest(
            "Trigger",
            """
            agent: a-name
            webhook: {source: github, repository: site, events: [pull_request.opened, push], secret: {env: HOOK}}
            match: [{path: payload.action, equals: opened}, {path: payload.number, in: [1, 2.50, ~, true]}]
            """),
        "channel.yaml": manifest(
            "Channel", "webhook: {url: 'https://example.com/hooks', secret: {env: SIGNING}}\ntemplate: '{{output}}'"),
        "prompt.yaml": manifest("Prompt", "description: Für alle.\ntemplate: {file: persona.md}"),
        "people.yaml": manifest("User", "displayName: Ada Lovelace\nemail: ada@example.com") + "---\n"
            + manifest("Team", "members: [ada]\ndescription: All — of them."),
        "provider.yaml": manifest("Provider", "type: openai\nbaseURL: https://example.com/v1\napiKey: {env: KEY}"),
        "repository.yaml": manifest("Repository", "url: https://github.com/example/site"),
        "persona.md": "You are kind.\nAnd brief: {{payload.name}}.\n",
    ]

    @Test func `takes manifests of every kind as they are mostly written`() throws {
        let taken = try taken(of: MemorySnapshot(Self.usual))
        #expect(taken == Set(Self.usual.keys.filter { $0.hasSuffix(".yaml") }))
    }

    @Test func `agrees on manifests that use every field`() throws {
        let taken = try taken(of: try MarkedText(CompleteManifests.text).snapshot)
        #expect(!taken.isEmpty)
    }

    @Test(arguments: ExampleTests.names)
    func `agrees on the examples`(_ name: String) throws {
        let root = "\(ExampleTests.directory)/\(name)"
        var files: [String: [UInt8]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
            guard let content = FileManager.default.contents(atPath: "\(root)/\(path)") else { continue }
            files[path] = Array(content)
        }
        #expect(!(try taken(of: MemorySnapshot(bytes: files))).isEmpty)
    }

    @Test(
        arguments: [
            "description: ghp_0123456789abcdefghijABCDEFGHIJ012345",
            "http: {url: https://example.com/, headers: {X-Token: 0a1b2c3d4e5f6a7b8c9d}}",
            "http: {url: 'https://ada:lovelace1815@example.com/'}", "mcp: {command: [a], env: {DB_PASSWORD: hunter2}}",
            "description: \"a \\0 b\"", "description: ~", "description: &a b", "description: !!str b",
            "description: a\u{202E}b", "nonsense: 1", "timeout: 0", "timeout: 1h\ntimeout: 2h", "approval: required",
            "parameters: {type: text}", "parameters: {type: object, properties: {a: 1}}",
            "http: {url: 'https://{{host}}/'}", "http: {url: https://example.com, query: {a: '{{#b}}'}}",
            "cache: {ttl: 1m}", "http: {url: https://example.com/, auth: {}}", "suspend: no", "<<: {timeout: 1m}",
            "http: {url: https://example.com/, query: {a: b, a: c}}",
            "http: {url: https://example.com/, query: {é: b}}",
        ])
    func `leaves to the thorough way what something is to be said about`(_ line: String) throws {
        var spec = "description: It looks.\nhttp: {url: https://example.com/}"
        let name = line.prefix { $0 != ":" }
        if name == "description" { spec = "http: {url: https://example.com/}" }
        if name == "http" || name == "mcp" { spec = "description: It looks." }
        let snapshot = MemorySnapshot(["a.yaml": Self.manifest("Tool", spec + "\n" + line)])
        #expect(try Both("a.yaml", of: snapshot).quick == nil)
    }

    /// What stands between two characters for who reads bytes is one for who reads characters.
    @Test(
        arguments: ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{20E3}"],
        [
            ("tool.yaml", "v1/search", "v1/{%x"), ("webhook.yaml", "payload.action", "payload.%x"),
            ("webhook.yaml", "push]", "push.%x]"), ("webhook.yaml", "push]", "'.%push']"),
            ("agent.yaml", "{{payload.name}}", "{{%payload.name}}"), ("schedule.yaml", "{{scheduledAt}}", "{%{other}}"),
            ("schedule.yaml", "57 3", "57 %3"), ("schedule.yaml", "Europe/L", "Europe/%L"),
        ])
    func `agrees on marks that join what is before them`(_ mark: String, _ edit: (String, String, String)) throws {
        var files = Self.usual
        let text = try #require(files[edit.0])
        files[edit.0] = text.replacing(edit.1, with: edit.2.replacing("%", with: mark))
        #expect(files[edit.0] != text)
        _ = try taken(of: MemorySnapshot(files))
    }

    private func loaded(_ files: [String: String], thoroughly: Bool) throws -> String {
        let loader = CatalogLoader(zones: .system, readsThoroughly: thoroughly)
        let loaded = try loader.load(MemorySnapshot(files))
        let resources = loaded.catalog.resources.map { "\($0.id) \($0.digest) \($0.manifest.canonicalText)" }
        return (resources + loaded.files.map { "\($0)" } + loaded.diagnostics.map { "\($0)" }).joined(separator: "\n")
    }

    @Test(
        "a repository comes to the same in both ways",
        arguments: [
            // Two names that look alike, of which one is there.
            [
                "a1.yaml": manifest("Prompt", "template: {file: \"\u{E9}.md\"}"),
                "a2.yaml": manifest("Prompt", "template: {file: \"e\u{301}.md\"}").replacing("a-name", with: "b-name"),
                "\u{E9}.md": "text", "f.txt": "",
            ],
            // A number that is longer in canonical JSON than it was.
            [
                "a.yaml": manifest(
                    "Trigger",
                    "agent: a\nwebhook: {source: github, secret: {env: A}}\nmatch: [{path: payload.a, equals: "
                        + String(repeating: "7", count: 995) + "e-999}]")
            ],
            // Very many members in descending order.
            [
                "a.yaml": manifest(
                    "Trigger",
                    "agent: a\nwebhook: {source: github, secret: {env: A}}\nmatch: [{path: payload.a, equals: {"
                        + (0..<900).map { "k\(9_999 - $0): 1" }.joined(separator: ", ") + "}}]")
            ],
            // A long text, and one that is long when it is escaped.
            [
                "a.yaml": manifest("Prompt", "template: {file: a.md}"),
                "b.yaml": manifest("Prompt", "template: {file: b.md}").replacing("a-name", with: "b-name"),
                "a.md": String(repeating: "Long.\n", count: 20_000), "b.md": String(repeating: "\u{1}", count: 20_000),
            ],
        ])
    func loads(_ files: [String: String]) throws {
        #expect(try loaded(files, thoroughly: false) == loaded(files, thoroughly: true))
    }

    /// Manifests as people and accidents change them.
    @Test(arguments: 0..<24)
    func `agrees on whatever it takes of changed manifests`(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        var files = Self.usual
        for (path, bytes) in try MarkedText(CompleteManifests.text).snapshot.files {
            files["complete/\(path)"] = String(decoding: bytes, as: UTF8.self)
        }
        let paths = files.keys.filter { $0.hasSuffix(".yaml") }.sorted()
        var snapshot = MemorySnapshot(files)
        var taken = 0
        for round in 0..<500 {
            let path = paths[round % paths.count]
            let text = Self.changed(files[path] ?? "", &random)
            snapshot.files[path] = Array(text.utf8)
            let both = try Both(path, of: snapshot)
            guard let quick = both.quickText else { continue }
            taken += 1
            try #require(quick == both.thoroughText, "\(text)")
        }
        #expect(taken > 20)
    }

    private static func changed(_ text: String, _ random: inout SeededRandom) -> String {
        let words = [
            "1", "0", "-1", "007", "1.0", "1.50", "0.25", "1e3", "1e400", "0x1f", ".5", "2.", "-0", "true", "True", "~",
            "",
            "null", "no", "90s", "60m", "24h", "1h30m", "0s", "100d", "5ms", "* * * * *", "0 9 31 2 *", "0 9 31 * *",
            "*/5 * * * *", "0 0 * * sun-mon", "0 0 * * 7", "0 0 1,15 * 1-5", "61 * * * *", "a-name", "A", "-a", "a.b",
            "ghp_0123456789abcdefghijABCDEFGHIJ012345", "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5", "https://a/b",
            "https://u:p4ssw0rd@a/b", "{{payload.x}}", "{{other}}", "{{#a}}", "{{", "\"q\\\"\\n\\t\"", "'it''s'",
            "UTC", "Europe/Berlin", "Mars/Base", "[a, b]", "[]", "{}", "{a: 1}", "{env: A}", "{file: ../persona.md}",
            "{file: persona.md}", "{file: ../../x}", "payload.\u{301}x", "push.\u{200D}", "https://a/{\u{FE0F}q}",
            "&x y", "*x", "é", "\u{202E}", "{\"b\": 1, \"a\": 2}", "|\n    x",
        ]
        let names = [
            "description", "suspend", "timeout", "name", "env", "file", "password", "token", "text",
            "writ/allow-plaintext",
            "renamedFrom", "protect", "labels", "annotations", "manage", "events", "jitter", "match", "input", "agent",
        ]
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let place = Int.random(in: lines.indices, using: &random)
            let line = lines[place]
            switch Int.random(in: 0..<8, using: &random) {
            case 0: lines.remove(at: place)
            case 1: lines.insert(line, at: place)
            case 2: lines.swapAt(place, Int.random(in: lines.indices, using: &random))
            case 3, 4:
                guard let colon = line.firstRange(of: ": ") else { continue }
                lines[place] = line[..<colon.upperBound] + (words.randomElement(using: &random) ?? "")
            case 5:
                let inner = line.firstRange(of: "{")?.upperBound ?? line.endIndex
                let member =
                    "\(names.randomElement(using: &random) ?? ""): \(words.randomElement(using: &random) ?? ""), "
                lines[place] = line[..<inner] + member + line[inner...]
            case 6:
                let indent = String(line.prefix { $0 == " " })
                lines.insert(
                    "\(indent)\(names.randomElement(using: &random) ?? ""): \(words.randomElement(using: &random) ?? "")",
                    at: place)
            default:
                guard !line.isEmpty else { continue }
                let index = line.indices.randomElement(using: &random) ?? line.startIndex
                lines[place] = line[..<index] + random.hardText(upTo: 1) + line[index...]
            }
            if lines.isEmpty { return "" }
        }
        return lines.joined(separator: "\n")
    }
}
