import Spec
import TestSupport
import Testing
import Values

@Suite("Writing YAML")
struct YAMLWriterTests {
    /// The value that the reader sees.
    private func read(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        let reading = YAMLReader.read(Array(text.utf8), path: "a.yaml")
        try #require(
            reading.diagnostics.isEmpty, "\(reading.diagnostics.map(\.text)) in \(text.debugDescription)",
            sourceLocation: sourceLocation)
        return try value(
            of: #require(reading.documents.first, "\(text.debugDescription)", sourceLocation: sourceLocation))
    }

    private func value(of node: Node) throws -> JSON {
        switch node.content {
        case .scalar(let text, isPlain: false): return .string(text)
        case .scalar(let text, isPlain: true):
            switch CoreScalar(text) {
            case .null: return .null
            case .bool(let value): return .bool(value)
            case .number(let number): return .number(number)
            case .text: return .string(text)
            case .unrepresentableNumber: throw Unexpected(text: text)
            }
        case .sequence(let items): return .array(try items.map(value))
        case .mapping(let entries):
            return .object(
                JSONMembers(try entries.map { ($0.key, try value(of: $0.value)) }))
        }
    }

    private struct Unexpected: Error { let text: String }

    @Test("What a person would write")
    func isReadable() {
        let value: JSON = [
            "kind": "Agent", "apiVersion": "writ/v1", "metadata": ["name": "brief", "labels": ["team": "research"]],
            "spec": [
                "systemPrompt": "You write.\n\n- Be brief.\n",
                "tools": ["news", ["name": "publish", "approval": "required"]],
                "suspend": true, "model": ["temperature": 0.2, "name": "1"], "empty": [:], "none": [],
                "matches": "^refs/heads/(main|next)$", "answer": "no",
            ],
        ]
        #expect(
            YAMLWriter.text(value) == """
                apiVersion: writ/v1
                kind: Agent
                metadata:
                  name: brief
                  labels:
                    team: research
                spec:
                  answer: "no"
                  empty: {}
                  matches: "^refs/heads/(main|next)$"
                  model:
                    name: "1"
                    temperature: 0.2
                  none: []
                  suspend: true
                  systemPrompt: |
                    You write.

                    - Be brief.
                  tools:
                    - news
                    - name: publish
                      approval: required

                """)
    }

    @Test("Every value reads as it was, whatever stands in its strings and keys (fault A19)")
    func isReadBack() throws {
        var random = SeededRandom(7)
        for _ in 0..<3_000 {
            let value: JSON = .object(["v": json(3, &random)])
            #expect(try read(YAMLWriter.text(value)) == value)
        }
        for _ in 0..<3_000 {
            let text = random.hardText(upTo: 12)
            #expect(try read(YAMLWriter.text(["text": .string(text)])) == ["text": .string(text)])
        }
    }

    @Test("Long keys are keys still")
    func isLong() throws {
        let value: JSON = .object([String(repeating: "\u{1}", count: 1_000): ["a": "b"], "short": "c"])
        #expect(try read(YAMLWriter.text(value)) == value)
    }

    private func json(_ depth: Int, _ random: inout SeededRandom) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(JSONNumber(Int.random(in: -100_000...100_000, using: &random)))
        case 3: return JSONNumber(Double.random(in: -1e12...1e12, using: &random)).map(JSON.number) ?? .null
        case 4, 5: return .string(random.hardText())
        case 6:
            return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in json(depth - 1, &random) })
        default:
            let members = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                ("k" + random.hardText(), json(depth - 1, &random))
            }
            return .object(JSONMembers(members))
        }
    }
}
