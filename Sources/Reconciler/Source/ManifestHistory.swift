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
        let doubt: Blame.Doubt?
    }

    private let repository: SourceRepository?
    /// Contents that are read: some seconds' worth.
    static let contents = 2_000

    private var left: Int

    /// Nothing more is read.
    var isSpent: Bool { left <= 0 }

    init(_ repository: SourceRepository?) {
        self.repository = repository
        left = Self.contents
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
    ///   - followed: the commit that was followed last: what is in force, or a text of it, may stand elsewhere since
    /// - Returns: the oldest first; none where the repository cannot tell
    func steps(
        of version: ResourceVersion, in revision: Revision, names: Set<String>,
        before: (commit: String?, content: JSON?), followed: String?
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
        func isApplied(_ standing: Standing) -> Bool { Digest(of: standing.manifest.canonicalBytes) == version.digest }
        let starts = [revision.commit, version.until == nil ? followed : nil].compactMap { $0.flatMap { ObjectID($0) } }
        guard repository != nil,
            var current = starts.lazy.compactMap({ find($0, in: [version.place.path]) }).first(where: isApplied)
        else { return [] }
        var steps: [Step] = []
        while current.commit.text != before.commit, current.manifest != before.content,
            let parents = try? repository?.commit(current.commit).parents
        {
            let older = parents.compactMap { find($0, before: current) }
            // What was not read is not known to say something else.
            guard !isSpent else {
                steps.append(Step(commit: current.commit.text, manifest: current.manifest, doubt: .notSearched))
                break
            }
            if let same = older.first(where: { $0.manifest == current.manifest }) {
                current = same
                continue
            }
            let isBoundary = parents.contains { (try? repository?.commit($0)) == nil }
            steps.append(
                Step(commit: current.commit.text, manifest: current.manifest, doubt: isBoundary ? .notHere : nil))
            guard let first = older.first else { break }
            current = first
        }
        return steps.reversed()
    }
}
