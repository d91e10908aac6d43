import Foundation
import Testing

/// Pages that point at each other, and at their headings.
@Suite struct DocumentationLinkTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private static var pages: [String] {
        get throws {
            let docs = try FileManager.default.contentsOfDirectory(atPath: "\(root)/docs")
            let examples = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/examples")
            return
                (["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + docs.map { "docs/\($0)" }
                + examples.map { "examples/\($0)" })
                .filter { $0.hasSuffix(".md") }.sorted()
        }
    }

    private static func text(_ page: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(page)", encoding: .utf8)
    }

    /// As GitHub makes anchors of headings.
    private static func anchors(_ text: String) -> Set<String> {
        var isCode = false
        var anchors: Set<String> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("```") { isCode.toggle() }
            guard !isCode, line.hasPrefix("#") else { continue }
            let heading = line.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
            anchors.insert(
                String(
                    heading.compactMap { character in
                        if character == " " { return "-" }
                        return character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
                    }))
        }
        return anchors
    }

    /// What stands in `](…)`, without addresses elsewhere.
    private static func links(_ text: String) -> [String] {
        text.components(separatedBy: "](").dropFirst().compactMap { rest in
            let link = String(rest.prefix { $0 != ")" })
            return link.contains("://") || link.contains(" ") || link.contains("\n") ? nil : link
        }
    }

    @Test func `every link leads to a file that is there, and to a heading in it`() throws {
        var count = 0
        for page in try Self.pages {
            let text = try Self.text(page)
            let directory = URL(fileURLWithPath: "/\(page)").deletingLastPathComponent()
            for link in Self.links(text) {
                count += 1
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let target =
                    parts[0].isEmpty
                    ? page : String(directory.appendingPathComponent(parts[0]).standardized.path.dropFirst())
                guard FileManager.default.fileExists(atPath: "\(Self.root)/\(target)") else {
                    Issue.record("\(page): there is no \(link)")
                    continue
                }
                if parts.count == 2, target.hasSuffix(".md") {
                    let isThere = Self.anchors(try Self.text(target)).contains(parts[1])
                    #expect(isThere, "\(page): \(target) has no heading for #\(parts[1])")
                }
            }
        }
        #expect(count > 80)
    }

    @Test func `no page is longer than a file of code may be`() throws {
        for page in try Self.pages where page.hasPrefix("docs/") {
            let lines = try Self.text(page).split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 500, "\(page) has \(lines) lines")
        }
    }
}
