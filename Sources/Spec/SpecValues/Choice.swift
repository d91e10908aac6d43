import Values

/// An enumeration whose raw values are what manifests say.
package protocol SpecChoice: SpecValue, RawRepresentable<String>, CaseIterable, Hashable {}

extension SpecChoice {
    package static var shape: Shape { .choice(allCases.map(\.rawValue)) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Self? {
        func names() -> [String] { allCases.map(\.rawValue) }
        func what() -> String { "one of " + names().joined(separator: ", ") }
        guard let text = reading.text(node, what: what()) else { return nil }
        if let value = Self(rawValue: text) { return value }
        let near = nearestName(to: text, among: names())
        reading.report(.badValue, "\(quoted(text)) is not \(what())", node, fix: near.map { "did you mean `\($0)`?" })
        return nil
    }

    package static var plainWriter: PlainWriter {
        let names = allCases.compactMap { ShortName($0.rawValue) }
        return { node, reading in
            guard reading.isText(node), let name = ShortName(reading.text(of: node)), names.contains(name) else {
                return false
            }
            return reading.output.append(quoted: reading.text(of: node))
        }
    }

    package var json: JSON { .string(rawValue) }
}
