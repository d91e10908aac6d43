import TestSupport
import Testing
import Values

@testable import Spec

/// What is handed on of manifests with mistakes.
@Suite struct ReadableContentTests {
    private func contents(_ files: [String: String]) throws -> [ReadableContent?] {
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(files))
        return loaded.files.flatMap(\.unsound).map(\.content)
    }

    private static func agent(_ name: String, _ spec: String) -> String {
        "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: \(name)}\nspec:\n  model: {provider: p, name: m}\n\(spec)"
    }

    @Test func `values stand as they would be recorded, and what cannot be read is open`() throws {
        let text = Self.agent("a", "  limits: {timeout: 90s, maxSteps: none}\n  systemPrompt: {file: gone.md}\n")
        let content = try #require(try contents(["a.yaml": text]).first ?? nil)
        #expect(content.known["spec"]?["limits"] == ["timeout": "1m30s"])
        #expect(content.open.map(\.text).sorted() == ["/spec/limits/maxSteps", "/spec/systemPrompt"])
        #expect(content.unread == 2 && !content.admitsMore)
        #expect(ReadableContent(content.json) == content)
    }

    @Test func `a secret is not handed on`() throws {
        let token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
        let text = Self.agent("a", "  systemPrompt: Be brief\n  persona: Uses \(token)\n  typo: here\n")
        let content = try #require(try contents(["a.yaml": text]).first ?? nil)
        #expect(!content.json.canonicalText.contains(token))
        #expect(content.open.contains(JSONPointer(["spec", "persona"])) && content.admitsMore)
    }

    @Test func `all together are bounded`() throws {
        let prose = String(repeating: "word ", count: 5_000)
        let files = Dictionary(
            uniqueKeysWithValues: (0..<400).map { number in
                ("a\(number).yaml", Self.agent("a\(number)", "  systemPrompt: \(prose)\n  typo: here\n"))
            })
        let sizes = try contents(files).map { $0?.size ?? 0 }
        #expect(sizes.count == 400 && sizes.contains(0))
        #expect((3 << 20...4 << 20).contains(sizes.reduce(0, +)))
    }
}
