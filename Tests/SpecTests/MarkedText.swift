import Spec
import TestSupport
import Testing
import Values

/// A manifest repository written as one text, with the diagnostics that it must give.
///
/// `=== path ===` begins a file; `=== path: Kind name ===` one whose manifest is written around the spec that follows.
/// `«1»` marks a place and is taken out before reading. The last block, `=== expected ===`, has a line for each
/// diagnostic: `1: error bad-value: part of the message`, with ` => part of the fix` where that matters.
struct MarkedText {
    struct Expectation {
        let label: String
        let head: String
        let message: String
        let fix: String?
    }

    private(set) var snapshot = MemorySnapshot()
    private(set) var marks: [String: Place] = [:]
    private(set) var expectations: [Expectation] = []

    init(_ text: String) throws {
        var path: String?
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            guard line.hasPrefix("=== "), line.hasSuffix(" ===") else {
                lines.append(line)
                continue
            }
            try finish(path, lines)
            path = String(line.dropFirst(4).dropLast(4))
            lines = []
        }
        try finish(path, lines)
    }

    private mutating func finish(_ header: String?, _ lines: [String]) throws {
        guard let header else { return }
        if header == "expected" {
            expectations = try lines.filter { !$0.isEmpty }.map(Self.expectation)
            return
        }
        let parts = header.split(separator: ":", maxSplits: 1).map { $0.trimmingPrefix(" ") }
        let names = parts.count == 2 ? parts[1].split(separator: " ", maxSplits: 1) : []
        var text = lines.joined(separator: "\n")
        if names.count == 2 {
            let spec = lines.map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
            text = "apiVersion: writ/v1\nkind: \(names[0])\nmetadata:\n  name: \(names[1])\nspec:\n\(spec)"
        }
        let path = String(parts.first ?? "")
        snapshot.files[path] = Array(unmarked(text, in: path).utf8)
    }

    private mutating func unmarked(_ text: String, in path: String) -> String {
        var plain = String.UnicodeScalarView()
        var label: String?
        var (line, column) = (1, 1)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "«": label = ""
            case "»":
                marks[label ?? ""] = Place(path: path, mark: Mark(line: line, column: column))
                label = nil
            default:
                if let begun = label {
                    label = begun + String(scalar)
                    continue
                }
                plain.append(scalar)
                (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
            }
        }
        return String(plain)
    }

    private static func expectation(_ line: String) throws -> Expectation {
        let sides = line.split(separator: " => ", maxSplits: 1).map(String.init)
        let parts = (sides.first ?? "").split(separator: ": ", maxSplits: 2).map(String.init)
        guard parts.count >= 2 else { throw BadMarkedText(line: line) }
        return Expectation(
            label: parts[0], head: parts[1], message: parts.count == 3 ? parts[2] : "",
            fix: sides.count == 2 ? sides[1] : nil)
    }

    /// The expectations that no diagnostic meets, and the diagnostics that meet none.
    func differences(from diagnostics: [Diagnostic]) -> [String] {
        var rest = diagnostics
        var differences: [String] = []
        for expectation in expectations {
            if let index = rest.firstIndex(where: { meets($0, expectation) }) {
                rest.remove(at: index)
            } else {
                let place = marks[expectation.label].map(\.description) ?? "no mark «\(expectation.label)»"
                differences.append(
                    "missing: \(place): \(expectation.head): \(expectation.message)"
                        + (expectation.fix.map { " => \($0)" } ?? ""))
            }
        }
        return differences + rest.map { "unexpected: \($0.text)" }
    }

    private func meets(_ diagnostic: Diagnostic, _ expectation: Expectation) -> Bool {
        diagnostic.place == marks[expectation.label]
            && "\(diagnostic.severity.rawValue) \(diagnostic.code.rawValue)" == expectation.head
            && diagnostic.message.contains(expectation.message)
            && (expectation.fix.map { diagnostic.fix?.contains($0) == true } ?? true)
    }
}

struct BadMarkedText: Error {
    let line: String
}

/// Reads a repository written as `MarkedText` and compares its diagnostics with what the text expects.
@discardableResult
func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> LoadedCatalog {
    let marked = try MarkedText(text)
    let loaded = try CatalogLoader(zones: .system).load(marked.snapshot)
    let differences = marked.differences(from: loaded.diagnostics)
    if !differences.isEmpty {
        let all = loaded.diagnostics.map(\.text).joined(separator: "\n")
        Issue.record(
            "\(differences.joined(separator: "\n"))\n--- all that was said:\n\(all)", sourceLocation: sourceLocation)
    }
    return loaded
}

/// Reads files that must be without errors.
func load(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Catalog {
    let loaded = try CatalogLoader(zones: .system).load(try MarkedText(text).snapshot)
    try #require(
        loaded.isValid, "\(loaded.diagnostics.map(\.text).joined(separator: "\n"))", sourceLocation: sourceLocation)
    return loaded.catalog
}

/// The one file `a.yaml`, read as YAML alone.
func readYAML(_ text: String, limits: YAMLLimits = YAMLLimits()) -> YAMLReader.Reading {
    YAMLReader.read(Array(text.utf8), path: "a.yaml", limits: limits)
}

extension YAMLReader.Reading {
    /// `line:column code`, for tables.
    var summary: [String] {
        diagnostics.map { "\($0.place.mark.line):\($0.place.mark.column) \($0.code.rawValue)" }
    }
}
