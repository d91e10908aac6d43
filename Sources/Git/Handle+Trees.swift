import Spec

/// An entry of a tree that passed the rules for names, with its place.
struct PlacedEntry: Hashable {
    /// Relative to the repository's root.
    let path: String
    let entry: TreeEntry
    /// Some file system takes its name for `.git`.
    var isGitDirectory = false

    /// Nil for what is not looked into.
    var directoryID: ObjectID? { entry.isDirectory && !isGitDirectory ? entry.id : nil }
}

/// How much one walk visited, against its limits.
struct WalkBudget {
    let limits: SnapshotLimits
    private(set) var visited = 0

    init(_ limits: SnapshotLimits) { self.limits = limits }

    mutating func visit(_ count: Int, in directory: String) throws(GitError) {
        let (sum, overflow) = visited.addingReportingOverflow(count)
        visited = sum
        guard !overflow, visited <= limits.entries else {
            throw GitError(
                .tooManyEntries,
                "more than \(limits.entries) entries, counted up to \(Self.show(directory)): keep the manifests in a"
                    + " directory of their own and give it with --path, or raise the limit")
        }
    }

    func checkPath(_ path: String) throws(GitError) {
        guard path.utf8.count <= limits.pathBytes else {
            throw GitError(.tooLarge, "the path \(Self.show(path)) has more than \(limits.pathBytes) bytes")
        }
    }

    /// `path` is a directory; the root has depth 0.
    func checkDepth(_ path: String) throws(GitError) {
        guard path.utf8.count(where: { $0 == UInt8(ascii: "/") }) < limits.depth else {
            throw GitError(
                .tooDeep, "the directory \(Self.show(path)) is more than \(limits.depth) directories deep")
        }
    }

    static func show(_ path: String) -> String {
        path.isEmpty ? "the root" : escapedForDisplay(path, limit: 120)
    }
}

extension Handle {
    /// The entries of a tree object as they are stored, hidden and hostile ones included.
    mutating func tree(_ id: ObjectID, at path: String) throws(GitError) -> [TreeEntry] {
        treesOpened += 1
        let bytes = try bytes(
            of: id, expecting: .tree, limit: TreeFormat.longestTree,
            what: path.isEmpty ? "the root tree" : "the directory \(escapedForDisplay(path))")
        return try TreeFormat.parse(bytes, tree: id, path: path)
    }

    /// The visible entries of a tree in git's order, and those that pass for `.git`. Throws `hostileName` for a name that no
    /// honest tree has and for two names that some file system takes for one (fault B45).
    mutating func visibleEntries(
        of id: ObjectID, at path: String, budget: inout WalkBudget
    ) throws(GitError) -> [PlacedEntry] {
        let entries = try tree(id, at: path)
        try budget.visit(entries.count, in: path)
        var names = NameSet(directory: path)
        var result: [PlacedEntry] = []
        result.reserveCapacity(entries.count)
        for entry in entries {
            let name = try names.admit(entry.name)
            // Of other hidden names nothing is told (fault B42).
            guard let shown = name ?? EntryName.gitDirectory(entry.name) else { continue }
            let place = RepositoryPath.join(path, shown)
            try budget.checkPath(place)
            result.append(PlacedEntry(path: place, entry: entry, isGitDirectory: name == nil))
        }
        return result
    }

    /// What stands at `path` below a root tree: `nil` when nothing does. The empty path is the root itself.
    mutating func find(_ path: RepositoryPath, in root: ObjectID) throws(GitError) -> TreeEntry? {
        var current = TreeEntry(kind: .directory, name: [], id: root)
        var walked = ""
        for name in path.names {
            guard current.isDirectory else { return nil }
            let bytes = Array(name.utf8)
            guard let next = try tree(current.id, at: walked).first(where: { $0.name == bytes }) else { return nil }
            current = next
            walked = RepositoryPath.join(walked, name)
        }
        return current
    }
}
