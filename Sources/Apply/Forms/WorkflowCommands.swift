import Spec

/// What GitHub Actions reads on standard output: annotations at the lines of a pull request.
package enum WorkflowCommands {
    package enum Level: String, Sendable {
        case error
        case warning
        case notice
    }

    /// More of one kind in one step are not shown.
    private static let limit = 10
    private static let messageLimit = 4_000

    /// `::error file=a.yaml,line=1,col=2,title=bad-name::…`
    package static func command(
        _ level: Level, _ message: String, title: String? = nil, at place: Place? = nil
    ) -> String {
        var properties: [String] = []
        if let place, !place.path.isEmpty {
            properties = ["file=\(property(place.path))", "line=\(place.mark.line)", "col=\(place.mark.column)"]
        }
        if let title { properties.append("title=\(property(title))") }
        let list = properties.isEmpty ? "" : " \(properties.joined(separator: ","))"
        let shown = String(String.UnicodeScalarView(message.unicodeScalars.prefix(messageLimit)))
        return "::\(level.rawValue)\(list)::\(data(shown))\n"
    }

    /// Annotations for the first problems of each kind, and the rest as lines of the log.
    ///
    /// - Parameters:
    ///   - warnings: to say after the errors and before the warnings of the diagnostics
    ///   - notices: to say after all of it
    package static func annotations(
        _ diagnostics: [Diagnostic], warnings: [String] = [], notices: [String] = []
    ) -> String {
        let errors = diagnostics.filter { $0.severity == .error }
        let others = diagnostics.filter { $0.severity != .error }
        let room = max(0, limit - warnings.count)
        var text = errors.prefix(limit).map { annotation(.error, $0) }.joined()
        text += warnings.prefix(limit).map { command(.warning, $0, title: "writ") }.joined()
        text += others.prefix(room).map { annotation(.warning, $0) }.joined()
        let rest = Array(errors.dropFirst(limit) + others.dropFirst(room))
        if !rest.isEmpty {
            text += inert(rest.map(\.text).joined(separator: "\n") + "\n")
            text += command(
                .notice, "\(Markdown.count(rest.count, "more problem")): see the log of this step", title: "writ")
        }
        return text + notices.prefix(limit - 1).map { command(.notice, $0, title: "writ") }.joined()
    }

    /// A plan's warnings, what it deletes, and its summary.
    ///
    /// - Parameters:
    ///   - refusesReach: whether new ways from triggers are errors
    ///   - noSummary: why the job summary is not written
    ///   - notices: to say besides
    package static func annotations(
        _ plan: Plan, refusesReach: Bool = false, noSummary: String? = nil, notices: [String] = []
    ) -> String {
        let refused = plan.hindrance.map { command(.error, "It would not be applied: \($0)", title: "writ") } ?? ""
        let deleted = plan.changes.filter { $0.action == .delete }.map(\.id.description)
        let names = deleted.prefix(20).joined(separator: ", ")
        let more = deleted.count > 20 ? " and \(deleted.count - 20) more" : ""
        let deletes = "deletes \(Markdown.count(deleted.count, "resource")): \(names)\(more)"
        let summary = noSummary.map { ["the job summary is not written: \($0)"] } ?? []
        return refused
            + annotations(
                plan.annotations(refusesReach: refusesReach), warnings: deleted.isEmpty ? [] : [deletes],
                notices: [PlanText.summary(plan)] + summary + notices)
    }

    /// A part of the log that is folded.
    package static func group(_ title: String, _ text: String) -> String {
        "::group::\(data(title))\n\(inert(text))\(text.hasSuffix("\n") ? "" : "\n")::endgroup::\n"
    }

    /// Text for the log in which nothing is read as a command: `::` at the beginning of a line, `##[` anywhere.
    package static func inert(_ text: String) -> String {
        text.replacing("##[", with: "#\\u{23}[").split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let start = line.firstIndex { !$0.isWhitespace } ?? line.endIndex
            guard line[start...].hasPrefix("::") else { return String(line) }
            return "\(line[..<start])\\u{3a}\(line[start...].dropFirst())"
        }.joined(separator: "\n")
    }

    private static func annotation(_ level: Level, _ diagnostic: Diagnostic) -> String {
        let fix = diagnostic.fix.map { "\nfix: \(displayed($0))" } ?? ""
        return command(
            level, displayed(diagnostic.message) + fix, title: diagnostic.code.rawValue, at: diagnostic.place)
    }

    private static func data(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": shown += "%25"
            case "\r": shown += "%0D"
            case "\n": shown += "%0A"
            // The log is a terminal too.
            default: shown += escaped(CollectionOfOne(scalar))
            }
        }
        return shown
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
