import Spec
import State
import Values

/// Whether what is in force is what the branch says, by the last looks at the repository.
struct Staleness: Sendable {
    private let look: Observation?
    /// Since when the looks have been as good or as bad as the last one.
    private let since: Instant?
    /// The errors of the last look by their files.
    private let problems: [String: String]
    /// What an operator took back while the branch still says it.
    private let undone: [ResourceID: Revision]
    /// What others made of it, behind Writ's back.
    private let altered: Set<ResourceID>
    /// What keeps its last good version while the rest goes on.
    private let kept: [ResourceID: StaleRecord]

    /// Looks that are gone through for the time when it began.
    private static let looks = 20

    init(_ reader: StateReader) throws(StateError) {
        let looks = try reader.observations(Page(limit: Self.looks)).items
        look = looks.first
        let isGood = looks.first.map(Self.isGood)
        since = looks.prefix { Self.isGood($0) == isGood }.last?.at
        var problems: [String: String] = [:]
        for diagnostic in looks.first?.diagnostics.array ?? [] where diagnostic["severity"]?.string == "error" {
            guard let path = diagnostic["path"]?.string, problems[path] == nil else { continue }
            problems[path] = "line \(diagnostic["line"]?.int ?? 1): \(diagnostic["message"]?.string ?? "")"
        }
        self.problems = problems
        undone = try reader.takenBack()?.resources ?? [:]
        altered = try reader.lastAlteration() == nil ? [] : Set(reader.alteredNames())
        kept = Dictionary(try reader.staleResources().map { ($0.resource.id, $0) }) { first, _ in first }
    }

    private static func isGood(_ look: Observation) -> Bool {
        look.outcome == .applied || look.outcome == .unchanged
    }

    /// - Parameter created: when the resource came to be
    func condition(of resource: AppliedResource, created: Instant?) -> ResourceCondition {
        if altered.contains(resource.id) {
            return ResourceCondition(
                .stale, .isTrue, "Altered", "it was altered behind writ's back: see `writ plan`", since: nil)
        }
        if let record = kept[resource.id] {
            let first = record.resource.diagnostics.first
            let why = first.map { ": \($0.place), \($0.message)" } ?? ""
            // Its own manifest may be sound, and wait for what it needs.
            let reason = first?.code == .staleReference ? "DependencyNotValid" : "ManifestNotValid"
            return ResourceCondition(
                .stale, .isTrue, reason, "it keeps its last good version\(why)", since: record.since)
        }
        if let revision = undone[resource.id], let undoes = revision.undoes {
            return ResourceCondition(
                .stale, .isTrue, "Undone",
                "\(revision.actor) undid \(undoes), which commit \(revision.commit.prefix(12)) still says",
                since: revision.createdAt)
        }
        guard let look, !Self.isGood(look) else {
            let began = [since, created].compactMap { $0 }.max()
            return ResourceCondition(.stale, .isFalse, "UpToDate", since: began)
        }
        let commit = look.commit.map { "commit \($0.prefix(12))" } ?? "the branch"
        if look.outcome == .unreadable {
            return ResourceCondition(
                .stale, .unknown, "SourceUnreadable", "\(commit) cannot be read: \(look.message)", since: since)
        }
        if let problem = problems[resource.place.path] {
            return ResourceCondition(
                .stale, .isTrue, "ManifestNotValid", "\(resource.place.path) of \(commit), \(problem)", since: since)
        }
        return ResourceCondition(.stale, .isTrue, "CommitRejected", look.wholeMessage, since: since)
    }
}
