/// Files to put into a tree and to take out of it, by directory.
struct TreeEdit {
    private enum Change {
        case put([UInt8])
        case remove
        case inside(TreeEdit)
    }

    private var changes: [String: Change] = [:]

    private init() {}

    /// Throws `hostileName` for paths that no repository can have, and for a file that is a directory too.
    init(_ files: [String: [UInt8]?]) throws(GitError) {
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            guard let place = RepositoryPath(path), !place.names.isEmpty, place.names.count <= 64, !path.hasSuffix("/")
            else { throw Self.refused(path) }
            try insert(place.names[...], content.map { .put($0) } ?? .remove, path)
        }
    }

    private mutating func insert(_ names: ArraySlice<String>, _ change: Change, _ path: String) throws(GitError) {
        guard let name = names.first else { return }
        if names.count == 1 {
            guard changes[name] == nil else { throw Self.refused(path) }
            changes[name] = change
            return
        }
        var edit = TreeEdit()
        switch changes[name] {
        case nil: break
        case .inside(let present): edit = present
        default: throw Self.refused(path)
        }
        try edit.insert(names.dropFirst(), change, path)
        changes[name] = .inside(edit)
    }

    /// Writes the trees that change, from the leaves up. `nil` when nothing is left, because git has no empty
    /// directories. Recursive, but only as deep as the paths, at most 64.
    func apply(to tree: ObjectID?, at path: String, _ handle: inout Handle) throws(GitError) -> ObjectID? {
        var entries: [[UInt8]: TreeEntry] = [:]
        if let tree {
            for entry in try handle.tree(tree, at: path) { entries[entry.name] = entry }
        }
        for (text, change) in changes {
            let name = Array(text.utf8)
            let present = entries[name]
            switch change {
            case .put(let bytes):
                let kind: TreeEntry.Kind = present?.kind == .executable ? .executable : .file
                entries[name] = TreeEntry(kind: kind, name: name, id: try handle.write(bytes, as: .blob))
            case .remove:
                entries[name] = nil
            case .inside(let edit):
                let below = present.flatMap { $0.isDirectory ? $0.id : nil }
                let id = try edit.apply(to: below, at: RepositoryPath.join(path, text), &handle)
                entries[name] = id.map { TreeEntry(kind: .directory, name: name, id: $0) }
            }
        }
        return entries.isEmpty ? nil : try handle.write(TreeFormat.serialize(entries.values), as: .tree)
    }

    private static func refused(_ path: String) -> GitError {
        GitError(.hostileName, "\(Revision.quote(path)) cannot be the path of a file in a commit")
    }
}
