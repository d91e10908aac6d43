import Apply
import Git
import Spec
import State
import Values

/// What a revision that is taken back changed in `writ.yaml`. That stays: settings are those of the last commit that was
/// followed, no revision records its own, and nobody loosens a safeguard by taking back something else.
struct KeptSettings {
    let source: RepositoryOptions
    let reader: StateReader

    /// Nil where the revision changed none, or nothing tells that.
    func warning(undoing number: Int) throws -> Diagnostic? {
        guard let revision = try reader.revision(number), revision.undoes == nil,
            let earlier = try reader.revision(number - 1), earlier.commit != revision.commit,
            let what = try change(revision, earlier)
        else { return nil }
        // The manifests may lie elsewhere by now.
        let path = Settings.path(below: try reader.latestRevision()?.directory ?? revision.directory)
        return Diagnostic(
            .warning, .keptSettings,
            "\(what), which `undo` does not take back: the settings of the repository stay as they are",
            at: Place(path: path, mark: .start),
            fix: "change \(path) in the repository; what it said before stands in commit \(earlier.commit.prefix(12))")
    }

    private func change(_ revision: Revision, _ earlier: Revision) throws -> String? {
        let head = try reader.appliedHead()
        let path = Settings.path(below: revision.directory)
        // Of the last commit that was followed the state knows what was in force before it.
        if head.hasSettings(of: revision.commit) {
            let change = SettingsChange(
                from: head.settings(for: revision.commit), to: head.settings ?? .standard, below: revision.directory)
            guard let fields = change?.fields else { return nil }
            let names = fields.prefix(5).map(\.label).joined(separator: ", ")
            let more = fields.count > 5 ? " and \(fields.count - 5) more" : ""
            return "revision \(revision.number) also changed \(names)\(more) in \(path)"
        }
        let former = Settings.path(below: earlier.directory)
        guard let old = ObjectID(earlier.commit), let new = ObjectID(revision.commit),
            let repository = CommitBook(source).repository,
            let changes = try? repository.changes(
                from: old, to: new, below: former == path ? revision.directory : "")
        else { return nil }
        let before = changes.first { $0.path == former }?.old?.blob
        // One that only moved, or is as it was, says nothing else.
        guard before != changes.first(where: { $0.path == path })?.new?.blob else { return nil }
        return "revision \(revision.number) came with another \(path) than the one before"
    }
}
