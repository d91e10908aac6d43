import Spec

extension Repository {
    /// What differs below `directory` from one commit (`nil`: nothing at all) to another, in byte order of the paths.
    /// Directories with the same object id are never opened, so that the cost follows the change. Hidden names are
    /// left out; a file that only became executable is no change.
    ///
    /// Throws what walking a commit throws; the limits hold for both sides together.
    package func changes(
        from old: ObjectID?, to new: ObjectID, below directory: String = "", limits: SnapshotLimits = SnapshotLimits()
    ) throws(GitError) -> [SnapshotChange] {
        guard let path = RepositoryPath(directory) else {
            throw GitError(.notFound, "\(Revision.quote(directory)) is no path in a repository")
        }
        var roots: [ObjectID?] = [nil, try commit(new).tree]
        if let old { roots[0] = try commit(old).tree }
        return try withHandle { [roots] (handle) throws(GitError) -> [SnapshotChange] in
            var starts: [ObjectID?] = []
            for root in roots {
                let found = if let root { try handle.find(path, in: root) } else { TreeEntry?.none }
                starts.append(found.flatMap { $0.isDirectory ? $0.id : nil })
            }
            var comparison = TreeComparison(limits)
            try comparison.run(&handle, from: starts[0], to: starts[1], at: path.text)
            return comparison.changes
        }
    }
}

/// Two trees side by side.
private struct TreeComparison {
    private struct Pair {
        let path: String
        var old: ObjectID?
        var new: ObjectID?
    }

    private(set) var changes: [SnapshotChange] = []
    private var budget: WalkBudget
    private var waiting: [Pair] = []

    init(_ limits: SnapshotLimits) { budget = WalkBudget(limits) }

    mutating func run(
        _ handle: inout Handle, from old: ObjectID?, to new: ObjectID?, at path: String
    ) throws(GitError) {
        waiting = [Pair(path: path, old: old, new: new)]
        while let pair = waiting.popLast() {
            if pair.old != pair.new { try compare(pair, &handle) }
        }
        changes.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private mutating func compare(_ pair: Pair, _ handle: inout Handle) throws(GitError) {
        let old = try list(pair.old, pair.path, &handle)
        let new = try list(pair.new, pair.path, &handle)
        for (path, placed) in old where new[path] == nil { try compare(path, placed, nil, handle) }
        for (path, placed) in new { try compare(path, old[path], placed, handle) }
    }

    private mutating func compare(
        _ path: String, _ old: PlacedEntry?, _ new: PlacedEntry?, _ handle: borrowing Handle
    ) throws(GitError) {
        if old?.entry.id == new?.entry.id, old?.entry.kind == new?.entry.kind { return }
        let directories = Pair(path: path, old: old?.directoryID, new: new?.directoryID)
        if directories.old != nil || directories.new != nil {
            try budget.checkDepth(path)
            waiting.append(directories)
        }
        let before = if let old { try handle.describe(old) } else { SnapshotEntry?.none }
        let after = if let new { try handle.describe(new) } else { SnapshotEntry?.none }
        if before != after { changes.append(SnapshotChange(path: path, old: before, new: after)) }
    }

    private mutating func list(
        _ tree: ObjectID?, _ path: String, _ handle: inout Handle
    ) throws(GitError) -> [String: PlacedEntry] {
        guard let tree else { return [:] }
        var result: [String: PlacedEntry] = [:]
        for placed in try handle.visibleEntries(of: tree, at: path, budget: &budget) {
            result[placed.path] = placed
        }
        return result
    }
}
