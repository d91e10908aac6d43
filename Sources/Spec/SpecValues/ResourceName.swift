import Values

/// The name of a resource: a DNS label (RFC 1123), so that it can stand in paths, hosts and file names.
package struct ResourceName: SpecText, Hashable {
    package let manifestText: String

    package static var textShape: TextShape {
        TextShape(
            "a name (lower-case letters, digits and dashes, at most 63)", pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
            maximumLength: 63)
    }

    package init(manifestText text: String) throws {
        if let problem = Self.problem(in: text) { throw problem }
        manifestText = text
    }

    package static func read(_ node: Node, _ reading: ManifestReading) -> ResourceName? {
        guard let text = reading.text(node, what: textShape.what) else { return nil }
        if let problem = problem(in: text) {
            reading.report(.badName, problem.message, node, fix: problem.fix)
            return nil
        }
        return try? ResourceName(manifestText: text)
    }

    /// Why `text` cannot be a name; nil where it can.
    package static func problem(in text: String) -> SpecTextError? {
        let bytes = text.utf8
        guard !bytes.isEmpty else { return SpecTextError("a name is empty") }
        guard bytes.count <= 63 else { return SpecTextError("a name of \(bytes.count) bytes is over 63") }
        let isSound = bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        guard isSound, let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last)
        else {
            return SpecTextError(
                "\(quoted(text)) is not a name",
                fix: "use lower-case letters, digits and dashes inside, such as \(suggestion(for: text))")
        }
        return nil
    }

    package static var plainWriter: PlainWriter {
        { $1.isText($0) && isPlain($1.text(of: $0)) && $1.write(text: $0) }
    }

    /// Whether `problem(in:)` finds none.
    static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first, let last = text.last, text.count <= 63, isAlphanumeric(first),
            isAlphanumeric(last)
        else { return false }
        return text.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }

    private static func suggestion(for text: String) -> String {
        let usual = "market-brief"
        // In other letters nobody would know a token any more, to take it out.
        guard TokenShape.found(in: text) == nil else { return usual }
        var name = ""
        for byte in text.lowercased().utf8 {
            if isAlphanumeric(byte) {
                name.unicodeScalars.append(Unicode.Scalar(byte))
            } else if !name.isEmpty, name.utf8.last != UInt8(ascii: "-") {
                name.append("-")
            }
        }
        while name.utf8.last == UInt8(ascii: "-") { name.removeLast() }
        return name.isEmpty ? usual : name
    }
}
