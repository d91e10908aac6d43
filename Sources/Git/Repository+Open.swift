import CLibGit2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Repository {
    /// Opens the repository at `path` or, like git, the one in the nearest directory above it, but not in `ceiling`
    /// or above. `path` may also be a `.git` directory or a bare repository.
    ///
    /// Throws `notFound`, `noRepository`, `wrongOwner` (unless `trustOwner`), and `unsupported` for a repository that
    /// borrows objects from another one (fault B51) or has a format this libgit2 does not read.
    package static func open(
        at path: String, trustOwner: Bool = false, ceiling: String? = nil
    ) throws(GitError) -> Repository {
        try LibGit2.start()
        let shown = escapedForDisplay(path)
        guard !path.isEmpty else { throw GitError(.notFound, "the path of the repository is empty") }
        guard !path.utf8.contains(0), FileStatus.exists(path) else {
            throw GitError(.notFound, "there is no directory \(shown)")
        }
        guard FileStatus.isDirectory(path) else {
            throw GitError(.notFound, "\(shown) is not a directory: give the repository that it is in")
        }
        // libgit2 compares ceilings with paths whose links are resolved.
        let limit = ceiling.map { resolvingLinks($0) ?? $0 }
        var pointer: OpaquePointer?
        let status = git_repository_open_ext(&pointer, resolvingLinks(path) ?? path, 0, limit)
        guard status == 0, let pointer else { throw openingFailure(status, shown) }
        return try adopt(pointer, shown: shown, trustOwner: trustOwner)
    }

    private static func adopt(
        _ pointer: OpaquePointer, shown: String, trustOwner: Bool
    ) throws(GitError) -> Repository {
        let git = directory(git_repository_path(pointer)) ?? ""
        let common = directory(git_repository_commondir(pointer)) ?? git
        let working = git_repository_is_bare(pointer) == 1 ? nil : directory(git_repository_workdir(pointer))
        do {
            if !trustOwner { try RepositoryOwner.check([working, git, common].compactMap { $0 }) }
            try refuseAlternates(common)
        } catch {
            git_repository_free(pointer)
            throw error
        }
        return Repository(
            handle: try Handle(adopting: pointer), workingDirectory: working, gitDirectory: git,
            commonDirectory: common)
    }

    /// libgit2 follows `objects/info/alternates` anywhere on the disk, and whoever can change that other place can
    /// change what a commit holds or take it away.
    private static func refuseAlternates(_ commonDirectory: String) throws(GitError) {
        let file = commonDirectory + "/objects/info/alternates"
        guard FileStatus.exists(file) else { return }
        throw GitError(
            .unsupported,
            "\(escapedForDisplay(file)) makes this repository borrow objects from another one, which is not"
                + " followed: run `git repack -ad` and remove the file, or clone without --shared and --reference")
    }

    private static func openingFailure(_ status: Int32, _ shown: String) -> GitError {
        let reason = LibGit2.lastMessage()
        if status == GIT_ENOTFOUND.rawValue {
            return GitError(
                .noRepository,
                "no git repository at \(shown) or above it: run `git init` there, or give the right directory",
                underlying: reason)
        }
        if LibGit2.lastClass() == Int32(bitPattern: GIT_ERROR_REPOSITORY.rawValue) {
            return GitError(
                .unsupported,
                "the repository at \(shown) has a form that is not supported: give one with SHA-1 objects and with"
                    + " references as files, as `git init` and `git clone` make it", underlying: reason)
        }
        return GitError(.io, "the repository at \(shown) cannot be opened", underlying: reason)
    }

    static func resolvingLinks(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func directory(_ path: UnsafePointer<CChar>?) -> String? {
        guard let path else { return nil }
        let text = String(cString: path)
        return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
