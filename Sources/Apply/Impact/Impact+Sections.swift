import Spec
import Values

/// One part of what an impact says, for people.
package struct ImpactSection: Sendable, Hashable {
    package let title: String
    /// Plain text; what comes from a repository in it is not escaped yet.
    package let lines: [String]
}

extension Plan {
    /// About the manifests, what they come to together, and the rules of the repository.
    package var allWarnings: [Diagnostic] {
        let more = (impact?.warnings ?? []) + (settingsChange?.risks ?? [])
        return more.isEmpty ? warnings : (warnings + more).sorted()
    }
}

extension Plan {
    /// What is shown at the lines of files: errors, warnings, and what opens to untrusted input, which the other forms
    /// have a part of their own for.
    ///
    /// - Parameter refusesReach: whether any new way from a trigger is an error
    package func annotations(refusesReach: Bool) -> [Diagnostic] {
        allErrors + allWarnings + (impact?.reach.diagnostics(isRefused: refusesReach) ?? [])
    }
}

extension Plan {
    /// Why it would not be applied, as a problem of the whole repository.
    package var hindranceDiagnostics: [Diagnostic] {
        hindrance.map {
            [Diagnostic(.error, .refused, "It would not be applied: \($0)", at: Place(path: "", mark: .start))]
        } ?? []
    }
}

extension Impact {
    /// The parts that have something to say. Warnings stand with those of the plan.
    package var sections: [ImpactSection] {
        var sections: [ImpactSection] = []
        func add(_ title: String, _ lines: [String]) {
            if !lines.isEmpty { sections.append(ImpactSection(title: title, lines: lines)) }
        }
        add("Newly reachable", reach.lines)
        add("Blast radius", Self.bounded(blastRadius, \.lines))
        add("Future runs", Self.bounded(schedules, \.lines))
        if let backtest, backtest.events > 0 { add("Recorded events", backtest.lines) }
        return sections
    }

    private static let shown = 20

    private static func bounded<Item>(_ items: [Item], _ lines: (Item) -> [String]) -> [String] {
        let more = items.count > shown ? ["and \(items.count - shown) more"] : []
        return items.prefix(shown).flatMap(lines) + more
    }

    /// Files whose edit is shown once here, and not with each resource that includes them.
    package var sharedFiles: Set<FileEdit> {
        Set(
            blastRadius.prefix(Self.shown).compactMap { radius in
                guard case .file(let edit) = radius.source, !radius.difference.isEmpty else { return nil }
                return edit
            })
    }

    /// The object `impact` of a plan.
    var json: JSON {
        var object: JSONMembers = [
            "blastRadius": .array(blastRadius.map(\.json)), "schedules": .array(schedules.map(\.json)),
            "reach": reach.json,
        ]
        object["backtest"] = backtest?.json
        return .object(object)
    }
}
