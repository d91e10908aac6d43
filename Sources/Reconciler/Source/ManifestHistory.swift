import Apply
import Git
import Spec
import State
import Values

/// The commits that made one resource what a revision applied: a revision may take in many commits at once, and only
/// some of them touched it.
final class ManifestHistory {
    struct Step {
        let commit: String
        let manifest: JSON
    }

    private let repository: SourceRepository?
    /// Contents that may still be read: some seconds' worth.
    private var left = 2_000

    init(_ repository: SourceRepository?) {
        self.repository = repository
    }

    /// Goes back from the revision's commit as `git log` does for one file: where a parent says the same, on to that one.
    ///
    /// - Parameters:
    ///   - names: all that the resource was ever called
    ///   - before: the content of the version before, and the commit that was applied with it
    /// - Returns: the oldest first; none where the repository cannot tell
    func steps(
        of version: ResourceVersion, in revision: Revision, names: Set<String>,
        before: (commit: String?, content: JSON?)
    ) -> [Step] {
        func content(_ commit: ObjectID) -> JSON? {
            guard left > 0 else { return nil }
            left -= 1
            let files = try? repository?.read([version.place.path], of: commit, below: revision.directory)
            return files?.resources.first { $0.id.kind == version.id.kind && names.contains($0.id.name) }?.manifest
        }
        guard repository != nil, var current = ObjectID(revision.commit), var manifest = content(current),
            Digest(of: manifest.canonicalBytes) == version.digest
        else { return [] }
        var steps: [Step] = []
        while current.text != before.commit, manifest != before.content,
            let parents = try? repository?.commit(current).parents
        {
            let contents = parents.map { ($0, content($0)) }
            // What was not read is not known to say something else.
            guard left > 0 else { return [] }
            if let same = contents.first(where: { $0.1 == manifest }) {
                current = same.0
                continue
            }
            steps.append(Step(commit: current.text, manifest: manifest))
            guard let (parent, older) = contents.first(where: { $0.1 != nil }), let older else { break }
            (current, manifest) = (parent, older)
        }
        return steps.reversed()
    }
}
