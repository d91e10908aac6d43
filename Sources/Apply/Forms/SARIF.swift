import Spec
import Values

/// Diagnostics in the Static Analysis Results Interchange Format 2.1.0 (OASIS), as GitHub code scanning takes it.
package enum SARIF {
    /// GitHub refuses a run with more results.
    private static let limit = 25_000

    package static func log(_ diagnostics: [Diagnostic], version: String) -> JSON {
        let sorted = diagnostics.filter { $0.severity == .error } + diagnostics.filter { $0.severity != .error }
        var run: JSONMembers = [
            "tool": ["driver": ["name": "writ", "version": .string(version), "rules": .array(rules)]],
            "columnKind": "unicodeCodePoints",
            "results": .array(results(sorted.prefix(limit))),
        ]
        if sorted.count > limit {
            let text = "not listed: \(Markdown.count(sorted.count - limit, "problem"))"
            run["invocations"] = [
                [
                    "executionSuccessful": true,
                    "toolExecutionNotifications": [["level": "warning", "message": ["text": .string(text)]]],
                ]
            ]
        }
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [.object(run)],
        ]
    }

    /// That nothing could be looked at, which is no result of a rule at a place.
    package static func failure(_ message: String, _ code: DiagnosticCode, version: String) -> JSON {
        let notification: JSON = [
            "level": "error", "descriptor": ["id": .string(code.rawValue)],
            "message": ["text": .string(displayed(message))],
        ]
        let run: JSON = [
            "tool": ["driver": ["name": "writ", "version": .string(version), "rules": .array(rules)]],
            "columnKind": "unicodeCodePoints", "results": [],
            "invocations": [["executionSuccessful": false, "toolExecutionNotifications": [notification]]],
        ]
        return ["$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]]
    }

    private static let rules: [JSON] = DiagnosticCode.allCases.map { code in
        let text: JSON = ["text": .string(code.summary)]
        return [
            "id": .string(code.rawValue), "shortDescription": text, "fullDescription": text, "help": text,
            "defaultConfiguration": ["level": code.isAdvice ? "warning" : "error"],
        ]
    }

    private static func results(_ diagnostics: some Sequence<Diagnostic>) -> [JSON] {
        let indexes = Dictionary(
            DiagnosticCode.allCases.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: [String: Int] = [:]
        return diagnostics.map { diagnostic in
            let print = fingerprint(diagnostic)
            let number = seen[print, default: 0] + 1
            seen[print] = number
            let fix = diagnostic.fix.map { "\nfix: \(displayed($0))" } ?? ""
            var result: JSONMembers = [
                "ruleId": .string(diagnostic.code.rawValue),
                "level": diagnostic.severity == .error ? "error" : "warning",
                "message": ["text": .string(displayed(diagnostic.message) + fix)],
                "locations": [["physicalLocation": location(diagnostic.place)]],
                "partialFingerprints": ["primaryLocationLineHash": .string("\(print):\(number)")],
            ]
            result["ruleIndex"] = indexes[diagnostic.code].map { .number(JSONNumber($0)) }
            return .object(result)
        }
    }

    /// Not of the line's number: the same problem further down is still the same to code scanning.
    private static func fingerprint(_ diagnostic: Diagnostic) -> String {
        let digest = Digest(of: "\(diagnostic.code.rawValue)\n\(diagnostic.place.path)\n\(diagnostic.message)".utf8)
        return String(digest.text.dropFirst("sha256:".count).prefix(16))
    }

    private static func location(_ place: Place) -> JSON {
        let path = PercentEncoding.encode(
            place.path.isEmpty ? "." : place.path, keeping: [UInt8(ascii: "/")])
        return [
            "artifactLocation": ["uri": .string(path), "uriBaseId": "%SRCROOT%"],
            "region": [
                "startLine": .number(JSONNumber(max(1, place.mark.line))),
                "startColumn": .number(JSONNumber(max(1, place.mark.column))),
            ],
        ]
    }
}
