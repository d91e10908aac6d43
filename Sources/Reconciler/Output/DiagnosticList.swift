import Apply
import Spec

/// Diagnostics for people.
struct DiagnosticList {
    /// More are counted only: nobody reads them, and logs have limits.
    private static let limit = 1_000

    private let diagnostics: [Diagnostic]

    init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    func print(_ output: some OutputStyle) { print(output.paint) }

    func print(_ paint: Paint) {
        let lines = lines(paint)
        if !lines.isEmpty { Terminal.result(lines.joined(separator: "\n")) }
    }

    /// As the reason of a failure, beside a result that does not hold them.
    func talk() {
        for line in lines(Paint(isOn: false)) { Terminal.talk(line) }
    }

    private func lines(_ paint: Paint) -> [String] {
        var lines: [String] = []
        for diagnostic in diagnostics.prefix(Self.limit) {
            let place = displayed(diagnostic.place.description)
            let severity = diagnostic.severity == .error ? paint(.red, "error") : paint(.yellow, "warning")
            lines.append("\(place): \(severity): \(displayed(diagnostic.message)) [\(diagnostic.code.rawValue)]")
            if let fix = diagnostic.fix { lines.append(paint(.dim, "    fix: \(displayed(fix))")) }
        }
        if diagnostics.count > Self.limit { lines.append("… and \(diagnostics.count - Self.limit) more") }
        return lines
    }

    /// `2 errors and 1 warning`; nil where there is nothing.
    var summary: String? {
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        let parts = [count(errors, "error"), count(warnings, "warning")].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " and ")
    }

    private func count(_ number: Int, _ word: String) -> String? {
        number == 0 ? nil : number == 1 ? "1 \(word)" : "\(number) \(word)s"
    }
}
