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
        /// A parent of it is not here, as in a shallow clone.
        let isBoundary: Bool
    }

    private let repository: SourceRepository?
    /// Contents that may still be read: some seconds' worth.
    private var left = 2_000

    init(_ repository: SourceRepository?) {
        self.repository = repository
    }

    /// Where a resource stands in one commit, and what it says.
    private struct Standing {
        let commit: ObjectID
        let path: String
        let manifest: JSON
    }

    /// Files of one commit that are looked through for a resource that stood in another one.
    private static let filesSearched = 200

    /// Goes back from the revision's commit as `git log` does for one file: where a parent says the same, on to that one.
    /// Follows the resource into the file where it stood before.
    ///
    /// - Parameters:
    ///   - names: all that the resource was ever called
    ///   - before: the content of the version before, and the commit that was applied with it
    /// - Returns: the oldest first; none where the repository cannot tell
    func steps(
        of version: ResourceVersion, in revision: Revision, names: Set<String>,
        before: (commit: String?, content: JSON?)
    ) -> [Step] {
        func find(_ commit: ObjectID, in paths: [String]) -> Standing? {
            guard left > 0 else { return nil }
            left -= paths.count
            let files = try? repository?.read(paths, of: commit, below: revision.directory)
            let resource = files?.resources.first { $0.id.kind == version.id.kind && names.contains($0.id.name) }
            return resource.map { Standing(commit: commit, path: $0.place.path, manifest: $0.manifest) }
        }
        /// In another file than now, where it is one that was changed or went since.
        func find(_ parent: ObjectID, before child: Standing) -> Standing? {
            if let found = find(parent, in: [child.path]) { return found }
            let changes = try? repository?.changes(from: parent, to: child.commit, below: revision.directory)
            let paths = (changes ?? []).filter { $0.old != nil && $0.path != child.path }.map(\.path)
            return paths.isEmpty ? nil : find(parent, in: Array(paths.prefix(Self.filesSearched)))
        }
        guard repository != nil, let last = ObjectID(revision.commit),
            var current = find(last, in: [version.place.path]),
            Digest(of: current.manifest.canonicalBytes) == version.digest
        else { return [] }
        var steps: [Step] = []
        while current.commit.text != before.commit, current.manifest != before.content,
            let parents = try? repository?.commit(current.commit).parents
        {
            let older = parents.compactMap { find($0, before: current) }
            // What was not read is not known to say something else.
            guard left > 0 else { return [] }
            if let same = older.first(where: { $0.manifest == current.manifest }) {
                current = same
                continue
            }
            let isBoundary = parents.contains { (try? repository?.commit($0)) == nil }
            steps.append(Step(commit: current.commit.text, manifest: current.manifest, isBoundary: isBoundary))
            guard let first = older.first else { break }
            current = first
        }
        return steps.reversed()
    }
}
