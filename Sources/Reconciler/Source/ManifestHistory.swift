import Apply
import Git
import Spec
import State
import Values

/// The commits that made one resource what a revision applied: a revision may take in many commits at once, and only
/// some of them touched it.
final class ManifestHistory {
    /// Contents that are read: some seconds' worth.
    static let contents = 2_000
    /// Files of one commit that are looked through for a resource that stood in another one.
    private static let filesSearched = 200

    private let repository: SourceRepository?
    private var left: Int

    /// Nothing more is read.
    var isSpent: Bool { left <= 0 }

    init(_ repository: SourceRepository?) {
        self.repository = repository
        left = Self.contents
    }

    /// A content that a revision gave a resource, and what there was before.
    struct Change {
        let version: ResourceVersion
        let revision: Revision
        /// All that the resource was ever called.
        let names: Set<String>
        /// The commit that was applied before.
        let commitBefore: String?
        /// What was in force then.
        let contentBefore: JSON?
        /// The commits in which it may stand where its version says it does: what is in force, or a text of it, may
        /// have moved since.
        let later: [String]
    }

    /// Where a resource stands in one commit, and what it says.
    private struct Standing {
        let commit: ObjectID
        let path: String
        let manifest: JSON
    }

    /// What a commit had from those before it.
    private enum Descent {
        /// It is what was in force before.
        case before
        /// A parent says the same.
        case same(ObjectID)
        case made(from: [ObjectID], Blame.Step)
    }

    /// Goes back from the revision's commit as `git log` does for one file: where a parent says the same, on to that one,
    /// and from a merge that took something of each side to all of them. Follows the resource into the file where it
    /// stood before.
    ///
    /// - Returns: the oldest first, none where there is no repository to tell; nil where it is not found in the commits
    func steps(of change: Change) -> [Blame.Step]? {
        guard let repository else { return [] }
        guard let start = start(of: change) else { return nil }
        var descents: [ObjectID: Descent] = [:]
        var waiting = [start]
        var elders: Elders?
        while let current = waiting.popLast() {
            guard descents[current.commit] == nil else { continue }
            if current.commit.text == change.commitBefore || current.manifest == change.contentBefore {
                descents[current.commit] = .before
                continue
            }
            func made(from parents: [Standing] = [], doubt: Blame.Doubt?) -> Descent {
                let origin = Blame.Origin(
                    revision: change.revision.number, commit: current.commit.text, doubt: doubt)
                return .made(
                    from: parents.map(\.commit), Blame.Step(manifest: current.manifest, origin: origin, parents: []))
            }
            guard let commit = try? repository.commit(current.commit) else {
                descents[current.commit] = made(doubt: .notHere)
                continue
            }
            // A side that was merged began before: what came before that is of earlier revisions.
            if elders?.contains(commit) == true {
                descents[current.commit] = made(doubt: .notSearched)
                continue
            }
            if commit.parents.count > 1, elders == nil {
                elders = Elders(of: change.commitBefore.flatMap { ObjectID($0) }, repository)
            }
            let older = commit.parents.compactMap { find(change, $0, before: current) }
            // What was not read is not known to say something else.
            guard !isSpent else {
                descents[current.commit] = made(doubt: .notSearched)
                continue
            }
            if let same = older.first(where: { $0.manifest == current.manifest }) {
                descents[current.commit] = .same(same.commit)
                waiting.append(same)
                continue
            }
            let isBoundary = commit.parents.contains { (try? repository.commit($0)) == nil }
            descents[current.commit] = made(from: older, doubt: isBoundary ? .notHere : nil)
            waiting += older.reversed()
        }
        return Self.inOrder(descents, to: start.commit)
    }

    /// The steps that a commit comes from, each after those that it was made from.
    private static func inOrder(_ descents: [ObjectID: Descent], to end: ObjectID) -> [Blame.Step] {
        var steps: [Blame.Step] = []
        /// The step that a commit is, or nil for what was in force before.
        var places: [ObjectID: Int?] = [:]
        var waiting = [end]
        while let commit = waiting.last {
            switch descents[commit] {
            case .before, nil:
                places.updateValue(nil, forKey: commit)
            case .same(let older):
                guard let place = places[older] else {
                    waiting.append(older)
                    continue
                }
                places.updateValue(place, forKey: commit)
            case .made(let parents, let step):
                let missing = parents.filter { places[$0] == nil }
                guard missing.isEmpty else {
                    waiting += missing.reversed()
                    continue
                }
                let known = parents.isEmpty ? [nil] : parents.map { places[$0] ?? nil }
                places.updateValue(steps.count, forKey: commit)
                steps.append(Blame.Step(manifest: step.manifest, origin: step.origin, parents: known))
            }
            waiting.removeLast()
        }
        return steps
    }

    /// Where the content stands that was applied.
    private func start(of change: Change) -> Standing? {
        func isApplied(_ standing: Standing) -> Bool {
            Digest(of: standing.manifest.canonicalBytes) == change.version.digest
        }
        let path = change.version.place.path
        let commits = ([change.revision.commit] + change.later).compactMap { ObjectID($0) }
        if let found = commits.lazy.compactMap({ self.find(change, $0, in: [path]) }).first(where: isApplied) {
            return found
        }
        // It has moved since, and was changed or went after that.
        guard let applied = commits.first else { return nil }
        return commits.dropFirst().lazy
            .compactMap { self.find(change, applied, inFilesUnlike: $0, path: path) }.first(where: isApplied)
    }

    private func find(_ change: Change, _ commit: ObjectID, in paths: [String]) -> Standing? {
        guard left > 0, !paths.isEmpty else { return nil }
        left -= paths.count
        let files = try? repository?.read(paths, of: commit, below: change.revision.directory)
        let resource = files?.resources.first {
            $0.id.kind == change.version.id.kind && change.names.contains($0.id.name)
        }
        return resource.map { Standing(commit: commit, path: $0.place.path, manifest: $0.manifest) }
    }

    /// In another file than in the child, where it is one that was changed or went since.
    private func find(_ change: Change, _ parent: ObjectID, before child: Standing) -> Standing? {
        find(change, parent, in: [child.path])
            ?? find(change, parent, inFilesUnlike: child.commit, path: child.path)
    }

    private func find(
        _ change: Change, _ commit: ObjectID, inFilesUnlike later: ObjectID, path: String
    ) -> Standing? {
        guard left > 0 else { return nil }
        let changes = try? repository?.changes(from: commit, to: later, below: change.revision.directory)
        let paths = (changes ?? []).filter { $0.old != nil && $0.path != path }.map(\.path)
        // Whole directories move: those of the same name come first.
        let name = path.split(separator: "/").last
        let likely = paths.filter { $0.split(separator: "/").last == name }
        let others = paths.filter { $0.split(separator: "/").last != name }
        return find(change, commit, in: Array((likely + others).prefix(Self.filesSearched)))
    }
}

/// The commits before one, as far back as somebody asks.
private struct Elders {
    /// That many are looked at: a side that was cut off earlier is taken for one that never was.
    private static let limit = 5_000

    private let repository: SourceRepository
    private let youngest: ObjectID
    private var queue = CommitQueue()

    /// Nil where nothing came before.
    init?(of commit: ObjectID?, _ repository: SourceRepository) {
        guard let commit, let found = try? repository.commit(commit) else { return nil }
        self.repository = repository
        youngest = commit
        queue.insert(found)
    }

    mutating func contains(_ commit: Commit) -> Bool {
        while !queue.contains(commit.id), queue.count < Self.limit, let next = queue.next(since: commit.time) {
            for parent in next.parents where !queue.contains(parent) {
                if let parent = try? repository.commit(parent) { queue.insert(parent) }
            }
        }
        return commit.id != youngest && queue.contains(commit.id)
    }
}
