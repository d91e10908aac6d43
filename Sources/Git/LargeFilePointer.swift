import Spec

/// What Git LFS commits in place of a file (git-lfs, docs/spec.md). Taken for the file, it would be a wrong manifest.
enum LargeFilePointer {
    private static let beginning = Array("version https://git-lfs.github.com/spec/v1\n".utf8)

    /// Throws `unsupported` for bytes that are such a pointer (fault B53).
    static func refuse(_ bytes: [UInt8], path: String) throws(GitError) {
        guard bytes.count < 1_024, bytes.starts(with: beginning) else { return }
        throw GitError(
            .unsupported,
            "\(escapedForDisplay(path)) is kept in Git LFS, which is not read: commit the file itself"
                + " (`git lfs migrate export`)")
    }

    /// Throws `unsupported` for an entry that has no bytes of its own.
    static func requireFile(_ entry: SnapshotEntry) throws(GitError) {
        switch entry.kind {
        case .file: return
        case .symbolicLink:
            throw GitError(
                .unsupported, "\(escapedForDisplay(entry.path)) is a symbolic link, which is never followed")
        case .submodule:
            throw GitError(.unsupported, "\(escapedForDisplay(entry.path)) is a submodule, which is never read")
        case .gitDirectory:
            throw GitError(.unsupported, "\(escapedForDisplay(entry.path)) passes for `.git`, which is never read")
        }
    }
}
