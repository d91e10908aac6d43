import CLibGit2
import Spec
import Synchronization

/// An open git repository. Safe to use from many threads; each call holds a lock while libgit2 works.
package final class Repository: Sendable {
    /// The root of the working tree without a slash at the end; `nil` for a bare repository.
    package let workingDirectory: String?
    /// The `.git` directory (of a linked working tree: its own), without a slash at the end.
    package let gitDirectory: String
    /// Where objects, branches and `info/exclude` are; the same as `gitDirectory` but in a linked working tree.
    package let commonDirectory: String

    private let handle: Mutex<Handle>

    init(
        handle: consuming Handle, workingDirectory: String?, gitDirectory: String, commonDirectory: String
    ) {
        self.handle = Mutex(handle)
        self.workingDirectory = workingDirectory
        self.gitDirectory = gitDirectory
        self.commonDirectory = commonDirectory
    }

    package var isBare: Bool { workingDirectory == nil }

    /// Whether the history was cut off when cloning, as CI does. Read each time: a fetch may complete it.
    package var isShallow: Bool {
        FileStatus.size(at: commonDirectory + "/shallow") ?? 0 > 0
    }

    /// How many tree objects this object has read so far.
    package var treesOpened: Int { handle.withLock { $0.treesOpened } }

    /// The files of a commit. Throws `missingHistory` or `notFound` when the commit is not here.
    package func snapshot(
        of commit: ObjectID, limits: SnapshotLimits = SnapshotLimits()
    ) throws(GitError) -> CommitSnapshot {
        CommitSnapshot(repository: self, commit: commit, tree: try self.commit(commit).tree, limits: limits)
    }

    /// The files on the disk. Throws `unsupported` for a bare repository, which has none.
    package func workingTree(limits: SnapshotLimits = SnapshotLimits()) throws(GitError) -> WorkingTree {
        guard let workingDirectory else {
            throw GitError(
                .unsupported,
                "\(escapedForDisplay(gitDirectory)) is a bare repository and has no working tree: name a commit"
                    + " with --rev")
        }
        return try WorkingTree(root: workingDirectory, limits: limits)
    }

    /// Writes one object as it is, without a look at what it says.
    package func writeObject(_ bytes: [UInt8], as kind: ObjectKind) throws(GitError) -> ObjectID {
        try withHandle { (handle) throws(GitError) -> ObjectID in try handle.write(bytes, as: kind) }
    }

    /// From here on, `observer` is told of each object before it is read, and `nil` after it was; it is called with the
    /// repository locked, so it must not use it.
    package func observe(_ observer: @escaping @Sendable (ObjectAtHand?) -> Void) {
        handle.withLock { $0.observer = observer }
    }

    /// For what calls back into code that is neither `Sendable` nor throws.
    func withLockedHandle(_ body: (borrowing Handle) -> Int32) -> Int32 {
        handle.withLock { body($0) }
    }

    /// Must not be called from within `body`: the lock is not recursive.
    func withHandle<Result: Sendable>(
        _ body: (inout Handle) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        try handle.withLock { (handle) throws(GitError) -> Result in try body(&handle) }
    }
}
