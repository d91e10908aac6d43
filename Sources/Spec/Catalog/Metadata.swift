import Values

/// What every resource has beside its spec.
package struct Metadata: SpecObject, Hashable {
    package let name: ResourceName
    package let labels: Labels
    package let annotations: [String: String]
    package let protect: Bool
    package let renamedFrom: ResourceName?

    package static let schema = Schema<Metadata>(
        "The name of a resource and what people note on it.",
        Field("name", \.name, "Unique within its kind."),
        Field("labels", \.labels, "For choosing resources.", default: Labels([:])),
        Field("annotations", \.annotations, "For notes and other programs.", default: [:]),
        Field("protect", \.protect, "Whether it must not be deleted, renamed or replaced.", default: false),
        Field(
            "renamedFrom", optional: \.renamedFrom, "Its former name, so that it keeps its history.", .transient),
        make: Metadata.init)
}

/// Labels as Kubernetes writes them: an optional DNS prefix, a name, and a value of at most 63 characters.
package struct Labels: SpecValue, Hashable {
    package let values: [String: String]

    package init(_ values: [String: String]) {
        self.values = values
    }

    package static var shape: Shape {
        .map(
            .text(
                TextShape(
                    "a label's value", pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", maximumLength: 63)))
    }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Labels? {
        guard let values = [String: String].read(node, reading), areSound(in: node, reading) else { return nil }
        return Labels(values)
    }

    package static func readJSON(_ node: Node, _ reading: ManifestReading) -> JSON? {
        guard let values = [String: String].readJSON(node, reading), areSound(in: node, reading) else { return nil }
        return values
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            areSurelySound(node, reading)
                ? reading.writeMembers(node) { $1.isText($0) && $1.write(text: $0) }
                : reading.writeExactly(node, readJSON)
        }
    }

    private static func areSurelySound(_ node: Int, _ reading: borrowing PlainReading) -> Bool {
        guard reading.form(of: node) == .mapping else { return false }
        let end = Int(reading.yaml.nodes[node].next)
        var key = node + 1
        while key < end {
            let value = key + 1
            guard isLabel(reading.text(of: key), upTo: 63), reading.yaml.nodes[value].isScalar else { return false }
            let text = reading.text(of: value)
            guard text.isEmpty || isLabel(text, upTo: 63) else { return false }
            key = Int(reading.yaml.nodes[value].next)
        }
        return true
    }

    /// Of labels that are texts.
    private static func areSound(in node: Node, _ reading: ManifestReading) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        var isSound = true
        for entry in entries {
            if !isKey(entry.key) {
                reading.report(
                    .badName, "\(quoted(entry.key)) is not a label's key", at: entry.keyMark,
                    fix: "letters, digits, `-`, `_` and `.`, at most 63, such as team")
                isSound = false
            }
            if let value = entry.value.scalarText, !value.isEmpty, !isLabel(value.utf8, upTo: 63) {
                reading.report(
                    .badValue, "\(quoted(value)) is not a label's value", entry.value,
                    fix: "letters, digits, `-`, `_` and `.`, at most 63; longer notes are annotations")
                isSound = false
            }
        }
        return isSound
    }

    private static func isKey(_ key: String) -> Bool {
        guard key.utf8.contains(UInt8(ascii: "/")) else { return isLabel(key.utf8, upTo: 63) }
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && isLabel(parts[0].utf8, upTo: 253) && isLabel(parts[1].utf8, upTo: 63)
    }

    private static func isLabel(_ bytes: some BidirectionalCollection<UInt8>, upTo limit: Int) -> Bool {
        guard let first = bytes.first, let last = bytes.last, bytes.count <= limit else { return false }
        let isInside = bytes.allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        return isInside && isAlphanumeric(first) && isAlphanumeric(last)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
            || (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z"))
    }

    package var json: JSON { .object(JSONMembers(values, JSON.string)) }
}
