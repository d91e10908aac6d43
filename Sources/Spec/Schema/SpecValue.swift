import Values

/// A value that manifests can hold: it knows its shape, how to be read with places, and its one canonical JSON form.
package protocol SpecValue: Sendable, Equatable {
    static var shape: Shape { get }

    /// Reads a node; on nil, the reason stands in the reading's diagnostics.
    static func read(_ node: Node, _ reading: ManifestReading) -> Self?

    /// Canonical: equal values give equal JSON, and others do not.
    var json: JSON { get }

    /// The canonical JSON of what `read` gives, for those who need no more.
    static func readJSON(_ node: Node, _ reading: ManifestReading) -> JSON?

    /// The same for what is sound and usual, quickly.
    static var plainWriter: PlainWriter { get }
}

extension SpecValue {
    package static func readJSON(_ node: Node, _ reading: ManifestReading) -> JSON? { read(node, reading)?.json }

    package static var plainWriter: PlainWriter { { $1.writeExactly($0, readJSON) } }
}

/// A value written as one scalar of text and checked by its initialiser.
package protocol SpecText: SpecValue {
    static var textShape: TextShape { get }
    /// Throws a `SpecTextError` that says what is wrong, without the field's name.
    init(manifestText: String) throws
    var manifestText: String { get }
}

/// Why a text is not a value of its type: one clause, `hour 25 is over 23`.
package struct SpecTextError: Error {
    package let message: String
    package let fix: String?

    package init(_ message: String, fix: String? = nil) {
        self.message = message
        self.fix = fix
    }
}

extension SpecText {
    package static var shape: Shape { .text(textShape) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Self? {
        guard let text = reading.text(node, what: textShape.what) else { return nil }
        do {
            return try Self(manifestText: text)
        } catch let error as SpecTextError {
            reading.report(.badValue, error.message, node, fix: error.fix)
        } catch {
            reading.report(.badValue, "\(error)", node)
        }
        return nil
    }

    package var json: JSON { .string(manifestText) }
}
