import Spec

/// Diagnostics as a comment or a job summary.
package struct DiagnosticsMarkdown {
    /// The hidden first line's word: `validate`, `plan`.
    private let word: String
    /// The directory of the manifests.
    private let path: String
    /// The command that prints all of them.
    private let command: String
    private let limit: MarkdownLimit

    package init(word: String, path: String, command: String, limit: MarkdownLimit) {
        self.word = word
        self.path = path
        self.command = command
        self.limit = limit
    }

    /// - Parameter title: one line without anything from outside
    package func render(_ diagnostics: [Diagnostic], title: String) -> String {
        let head = Markdown.marker(word, path: path) + "### \(title)\n"
        let items = Self.items(diagnostics)
        guard !items.isEmpty else { return head }
        let reserve = 1_000
        let shown = limit.fitting(items, in: limit.size - limit.size(of: head) - reserve)
        var text = head + "\n" + shown.joined()
        if shown.count < items.count {
            text += "\n… and \(items.count - shown.count) more: \(Markdown.code(command)) prints all of them.\n"
        }
        return text
    }

    /// Why nothing could be said about a commit at all.
    package func render(failure message: String) -> String {
        Markdown.marker(word, path: path) + "### Writ: failed\n\n**Error:** "
            + Markdown.code(message, limit: 4_000) + "\n"
    }

    /// One item of a list for each, errors first.
    static func items(_ diagnostics: [Diagnostic]) -> [String] {
        let errors = diagnostics.filter { $0.severity == .error }
        let warnings = diagnostics.filter { $0.severity != .error }
        return (errors + warnings).map { diagnostic in
            let fix = diagnostic.fix.map { "\n  fix: \(Markdown.code($0))" } ?? ""
            return "- **\(diagnostic.severity.rawValue)** \(Markdown.code(diagnostic.place.description)) "
                + "\(Markdown.code(diagnostic.message)) (\(diagnostic.code.rawValue))\(fix)\n"
        }
    }
}
