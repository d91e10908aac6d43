import Spec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files of a directory on the disk, as they are now. Every name is opened below its directory without following
/// links, so that neither a link nor a race leads out of the root.
///
/// Files that are neither regular nor links (pipes, sockets, devices) are left out, as git does. A directory with a
/// `.git` of its own is a submodule.
package struct WorkingTree: Snapshot {
    /// Without a slash at the end.
    package let root: String
    private let limits: SnapshotLimits

    /// Any directory, inside a repository or not. Throws `notFound` when there is none at `root`.
    package init(root: String, limits: SnapshotLimits = SnapshotLimits()) throws(GitError) {
        guard !root.isEmpty, !root.utf8.contains(0), FileStatus.isDirectory(root) else {
            throw GitError(.notFound, "there is no directory \(escapedForDisplay(root))")
        }
        self.root = root.utf8.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        self.limits = limits
    }

    /// Throws `hostileName`, `tooManyEntries`, `tooDeep`, `tooLarge`, `io`, and `changedMeanwhile` when a file goes
    /// while it is looked at. A file longer than `limits.fileBytes` is not hashed: its object id is zero.
    package func entries(below directory: String) throws(GitError) -> [SnapshotEntry]? {
        guard let path = RepositoryPath(directory), try openDirectory(path.names) != nil else { return nil }
        var result: [SnapshotEntry] = []
        var budget = WalkBudget(limits)
        var waiting: [Item] = [.directory(path.text)]
        while let next = waiting.popLast() {
            switch next {
            case .entry(let entry): result.append(entry)
            case .directory(let place): waiting += try list(place, &budget).reversed()
            }
        }
        return result
    }

    package func entry(at path: String) throws(GitError) -> SnapshotEntry? {
        guard let place = RepositoryPath(path), let name = place.names.last, !path.hasSuffix("/"),
            let directory = try openDirectory(Array(place.names.dropLast()))
        else { return nil }
        guard case .entry(let entry) = try look(at: name, place: place.text, in: directory) else { return nil }
        return entry
    }

    /// Throws `tooLarge` before reading, `changedMeanwhile` when the file is not the one that was listed, and
    /// `unsupported` for links, submodules and files that Git LFS keeps elsewhere.
    package func contents(of entry: SnapshotEntry, limit: Int) throws(GitError) -> [UInt8] {
        try LargeFilePointer.requireFile(entry)
        guard let place = RepositoryPath(entry.path), let name = place.names.last,
            let directory = try openDirectory(Array(place.names.dropLast())),
            let file = directory.open(name, directory: false), let status = file.status(), status.isFile
        else { throw changed(entry.path) }
        guard Int(status.st_size) <= limit else {
            throw GitError(
                .tooLarge, "\(escapedForDisplay(entry.path)) has \(status.st_size) bytes, the limit is \(limit)")
        }
        guard let bytes = file.bytes(limit: entry.size + 1) else { throw unreadable(entry.path) }
        let id = try ObjectID.ofBlob(bytes).text
        guard bytes.count == entry.size, id == entry.blob || entry.blob == ObjectID.zero.text else {
            throw changed(entry.path)
        }
        try LargeFilePointer.refuse(bytes, path: entry.path)
        return bytes
    }

    private enum Item {
        case directory(String)
        case entry(SnapshotEntry)
    }

    /// What a directory holds, in git's order.
    private func list(_ place: String, _ budget: inout WalkBudget) throws(GitError) -> [Item] {
        guard let path = RepositoryPath(place), let directory = try openDirectory(path.names) else {
            throw changed(place)
        }
        guard let names = directory.names(limit: limits.entries) else { throw unreadable(place) }
        try budget.visit(names.count, in: place)
        var admitted = NameSet(directory: place)
        var items: [(key: [UInt8], item: Item)] = []
        for bytes in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let name = try admitted.admit(bytes) else {
                // The repository itself is called so, and nothing else.
                guard let shown = EntryName.gitDirectory(bytes), bytes != Array(".git".utf8) else { continue }
                let below = RepositoryPath.join(place, shown)
                try budget.checkPath(below)
                let entry = SnapshotEntry(path: below, kind: .gitDirectory, blob: ObjectID.zero.text, size: 0)
                items.append((bytes, .entry(entry)))
                continue
            }
            let below = RepositoryPath.join(place, name)
            try budget.checkPath(below)
            switch try look(at: name, place: below, in: directory) {
            case .directory:
                try budget.checkDepth(below)
                items.append((bytes + [UInt8(ascii: "/")], .directory(below)))
            case .entry(let entry):
                items.append((bytes, .entry(entry)))
            case nil: continue
            }
        }
        return items.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.item)
    }

    /// `nil` for what is not there, and for what git does not track.
    private func look(at name: String, place: String, in directory: borrowing FileDescriptor) throws(GitError) -> Item?
    {
        guard let status = directory.status(of: Array(name.utf8)) else {
            if errno == ENOENT { return nil }
            throw unreadable(place)
        }
        if status.isDirectory {
            guard let below = directory.open(name, directory: true) else { throw unreadable(place) }
            guard below.status(of: Array(".git".utf8)) != nil else { return .directory(place) }
            return .entry(SnapshotEntry(path: place, kind: .submodule, blob: ObjectID.zero.text, size: 0))
        }
        if status.isSymbolicLink {
            guard let destination = directory.destination(ofLink: name) else { throw unreadable(place) }
            let blob = try ObjectID.ofBlob(destination).text
            return .entry(SnapshotEntry(path: place, kind: .symbolicLink, blob: blob, size: 0))
        }
        guard status.isFile else { return nil }
        guard status.st_size <= limits.fileBytes else {
            return .entry(SnapshotEntry(path: place, blob: ObjectID.zero.text, size: Int(status.st_size)))
        }
        guard let file = directory.open(name, directory: false), let bytes = file.bytes(limit: limits.fileBytes + 1)
        else { throw unreadable(place) }
        guard bytes.count <= limits.fileBytes else { throw changed(place) }
        return .entry(SnapshotEntry(path: place, blob: try ObjectID.ofBlob(bytes).text, size: bytes.count))
    }

    /// `nil` when it is not there or is no directory, or a link stands in the way.
    private func openDirectory(_ names: [String]) throws(GitError) -> FileDescriptor? {
        guard var directory = FileDescriptor.open(root, directory: true) else { throw unreadable("") }
        for name in names {
            guard let next = directory.open(name, directory: true) else {
                if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
                throw unreadable(names.joined(separator: "/"))
            }
            directory = next
        }
        return directory
    }

    private func unreadable(_ place: String) -> GitError {
        let reason = FileStatus.message()
        let path = place.isEmpty ? root : root + "/" + place
        return GitError(.io, "\(escapedForDisplay(path)) cannot be read", underlying: reason)
    }

    private func changed(_ place: String) -> GitError {
        GitError(
            .changedMeanwhile, "\(WalkBudget.show(place)) changed while it was read: run this again when it is at rest")
    }
}
