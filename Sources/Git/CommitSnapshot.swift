import Spec

/// The files of one commit, read from the object database without a checkout.
///
/// Symbolic links and submodules are listed as what they are and never followed; links among the directories of a
/// path lead nowhere (faults B43, B44, B48).
package struct CommitSnapshot: Snapshot {
    package let commit: ObjectID
    package let tree: ObjectID
    private let repository: Repository
    private let limits: SnapshotLimits

    init(repository: Repository, commit: ObjectID, tree: ObjectID, limits: SnapshotLimits) {
        self.repository = repository
        self.commit = commit
        self.tree = tree
        self.limits = limits
    }

    /// Throws `hostileName`, `corruptObject`, `tooManyEntries`, `tooDeep`, `tooLarge`.
    package func entries(below directory: String) throws(GitError) -> [SnapshotEntry]? {
        guard let path = RepositoryPath(directory) else { return nil }
        return try repository.withHandle { (handle) throws(GitError) -> [SnapshotEntry]? in
            guard let start = try handle.find(path, in: tree), start.isDirectory else { return nil }
            var budget = WalkBudget(limits)
            return try handle.walk(start.id, at: path.text, budget: &budget)
        }
    }

    package func entry(at path: String) throws(GitError) -> SnapshotEntry? {
        guard let place = RepositoryPath(path), !path.hasSuffix("/") else { return nil }
        return try repository.withHandle { (handle) throws(GitError) -> SnapshotEntry? in
            guard let entry = try handle.find(place, in: tree) else { return nil }
            return try handle.describe(PlacedEntry(path: place.text, entry: entry))
        }
    }

    /// Throws `tooLarge` before anything is inflated (fault B38), and `unsupported` for links, submodules and files
    /// that Git LFS keeps elsewhere.
    package func contents(of entry: SnapshotEntry, limit: Int) throws(GitError) -> [UInt8] {
        try repository.withHandle { (handle) throws(GitError) -> [UInt8] in
            try handle.contents(of: entry, limit: limit)
        }
    }

    /// Who reads at the same time waits once for all of them, and not for each.
    package func contents(of entries: [SnapshotEntry], limit: Int) throws(GitError) -> [[UInt8]] {
        try repository.withHandle { (handle) throws(GitError) -> [[UInt8]] in
            var contents: [[UInt8]] = []
            contents.reserveCapacity(entries.count)
            for entry in entries { contents.append(try handle.contents(of: entry, limit: limit)) }
            return contents
        }
    }
}

extension Handle {
    /// Everything visible below a tree, in byte order of the paths. Not recursive: a hostile tree may be deep (B40).
    mutating func walk(
        _ tree: ObjectID, at directory: String, budget: inout WalkBudget
    ) throws(GitError) -> [SnapshotEntry] {
        var result: [SnapshotEntry] = []
        // The last one is the next to visit.
        var waiting = [PlacedEntry](try visibleEntries(of: tree, at: directory, budget: &budget).reversed())
        while let next = waiting.popLast() {
            if let entry = try describe(next) {
                result.append(entry)
            } else {
                try budget.checkDepth(next.path)
                waiting += try visibleEntries(of: next.entry.id, at: next.path, budget: &budget).reversed()
            }
        }
        return result
    }

    /// The bytes of a file.
    fileprivate func contents(of entry: SnapshotEntry, limit: Int) throws(GitError) -> [UInt8] {
        try LargeFilePointer.requireFile(entry)
        guard let id = ObjectID(entry.blob) else {
            throw GitError(.notFound, "\(escapedForDisplay(entry.path)) has no object id")
        }
        let bytes = try bytes(
            of: id, expecting: .blob, limit: limit, known: entry.size, what: escapedForDisplay(entry.path))
        try LargeFilePointer.refuse(bytes, path: entry.path)
        return bytes
    }

    /// With its size from the object's header; `nil` for a directory.
    func describe(_ placed: PlacedEntry) throws(GitError) -> SnapshotEntry? {
        let id = placed.entry.id
        guard !placed.isGitDirectory else {
            return SnapshotEntry(path: placed.path, kind: .gitDirectory, blob: id.text, size: 0)
        }
        guard let kind = placed.entry.snapshotKind else { return nil }
        let size =
            kind == .file ? try header(of: id, expecting: .blob, what: escapedForDisplay(placed.path)).size : 0
        return SnapshotEntry(path: placed.path, kind: kind, blob: id.text, size: size)
    }
}
