/// The files of a repository at one moment: a commit, a working tree, or memory in tests.
///
/// Paths are relative to the repository's root, with `/` between names and no `.` or `..`.
/// What stands behind may fail (a missing object, a file gone meanwhile) and throws its module's own error;
/// a path that is not there is no error but `nil`.
package protocol Snapshot: Sendable {
    /// The files, symbolic links, submodules and what passes for `.git` below `directory` ("" for the root), in byte order
    /// of their paths.
    ///
    /// Hidden names (a leading dot) and what lies below them are left out. A directory that does not exist, or is no
    /// directory, gives `nil`: a wrong path must never look like an empty one.
    func entries(below directory: String) throws -> [SnapshotEntry]?

    /// The entry at `path`, whatever it is but a directory.
    func entry(at path: String) throws -> SnapshotEntry?

    /// The bytes of a file. Refuses what is longer than `limit` before reading it.
    func contents(of entry: SnapshotEntry, limit: Int) throws -> [UInt8]

    /// The same of some files, in their order.
    func contents(of entries: [SnapshotEntry], limit: Int) throws -> [[UInt8]]
}

extension Snapshot {
    package func contents(of entries: [SnapshotEntry], limit: Int) throws -> [[UInt8]] {
        try entries.map { try contents(of: $0, limit: limit) }
    }
}

/// One entry of a snapshot.
package struct SnapshotEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file
        case symbolicLink
        case submodule
        /// A name that some file system takes for `.git`: told of, and never looked into.
        case gitDirectory
    }

    /// Relative to the repository's root.
    package let path: String
    package let kind: Kind
    /// git's object id of the content, in lower-case hex.
    package let blob: String
    /// Bytes, from the object's header; 0 for what is no file.
    package let size: Int

    package init(path: String, kind: Kind = .file, blob: String, size: Int) {
        self.path = path
        self.kind = kind
        self.blob = blob
        self.size = size
    }
}

/// One path whose content differs between two commits.
package struct SnapshotChange: Sendable, Hashable {
    package let path: String
    /// `nil` when it was added.
    package let old: SnapshotEntry?
    /// `nil` when it was removed.
    package let new: SnapshotEntry?

    package init(path: String, old: SnapshotEntry?, new: SnapshotEntry?) {
        self.path = path
        self.old = old
        self.new = new
    }
}

/// Bounds on what is read of one snapshot. The operator may move them, the repository never.
package struct SnapshotLimits: Sendable, Hashable {
    /// Entries visited in one walk.
    package var entries = 200_000
    /// Directories below each other.
    package var depth = 32
    /// Bytes of a path.
    package var pathBytes = 512
    /// Bytes of one manifest or included file.
    package var fileBytes = 1 << 20
    /// Bytes of all files that are read together.
    package var totalBytes = 256 << 20

    package init() {}
}
