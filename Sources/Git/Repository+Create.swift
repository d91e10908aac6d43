import CLibGit2

extension Repository {
    /// Makes an empty repository at `path`, whose directories are made where they are missing. Throws `io` when
    /// there is one already.
    package static func create(
        at path: String, bare: Bool = false, initialBranch: String = "main"
    ) throws(GitError) -> Repository {
        try LibGit2.start()
        guard !path.utf8.contains(0) else { throw GitError(.io, "a path cannot hold a NUL") }
        try BranchName.check(initialBranch)
        var options = git_repository_init_options()
        git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        options.flags =
            GIT_REPOSITORY_INIT_NO_REINIT.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
            | GIT_REPOSITORY_INIT_MKDIR.rawValue | (bare ? GIT_REPOSITORY_INIT_BARE.rawValue : 0)
        var pointer: OpaquePointer?
        let status = initialBranch.withCString { branch in
            options.initial_head = branch
            return git_repository_init_ext(&pointer, path, &options)
        }
        guard status == 0, let pointer else {
            throw GitError(
                .io, "a repository cannot be made at \(escapedForDisplay(path))", underlying: LibGit2.lastMessage())
        }
        git_repository_free(pointer)
        return try open(at: path)
    }
}
