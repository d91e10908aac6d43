/// Why a template cannot be used or rendered, and where.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    package let message: String
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int
    /// The leaf of a `JSONTemplate`; the empty pointer for a template of its own.
    package var pointer = JSONPointer()

    /// `line 1, column 5: …`
    package var description: String {
        let place = "line \(line), column \(column): \(message)"
        return pointer.tokens.isEmpty ? place : "\(pointer.text): \(place)"
    }
}

extension TemplateError {
    init(_ message: String, at place: TextPlace) {
        self.init(message: message, line: place.line, column: place.column)
    }

    func within(_ pointer: JSONPointer) -> TemplateError {
        TemplateError(message: message, line: line, column: column, pointer: pointer)
    }
}
