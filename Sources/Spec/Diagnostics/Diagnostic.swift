import Values

/// Something wrong with a manifest, for its author: where, what, and how to mend it.
package struct Diagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable {
        case error
        case warning
    }

    package let severity: Severity
    package let code: DiagnosticCode
    /// One sentence without a final stop; never the value of a secret.
    package let message: String
    package let place: Place
    /// What to write instead, one line.
    package let fix: String?

    package init(
        _ severity: Severity = .error, _ code: DiagnosticCode, _ message: String, at place: Place, fix: String? = nil
    ) {
        self.severity = severity
        self.code = code
        // Somebody may have written a token where a name belongs, and messages are copied far.
        self.message = TokenShape.masked(message)
        self.place = place
        self.fix = fix.map(TokenShape.masked)
    }

    /// The object of `-o json` (docs: machine formats).
    package var json: JSON {
        var object: JSONMembers = [
            "severity": .string(severity.rawValue),
            "code": .string(code.rawValue),
            "message": .string(message),
            "path": .string(place.path),
            "line": .number(JSONNumber(place.mark.line)),
            "column": .number(JSONNumber(place.mark.column)),
        ]
        object["fix"] = fix.map(JSON.string)
        return .object(object)
    }

    /// `path:line:column: error: message [code]`, and a line with the fix where there is one.
    package var text: String {
        let head = "\(place): \(severity.rawValue): \(message) [\(code.rawValue)]"
        guard let fix else { return escaped(head.unicodeScalars) }
        return "\(escaped(head.unicodeScalars))\n    fix: \(escaped(fix.unicodeScalars))"
    }
}

extension Diagnostic: Comparable {
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        if left.place != right.place { return left.place < right.place }
        return (left.code.rawValue, left.message) < (right.code.rawValue, right.message)
    }
}

extension Sequence<Diagnostic> {
    package var hasErrors: Bool { contains { $0.severity == .error } }
}
