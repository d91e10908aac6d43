import CLibGit2

#if canImport(Glibc)
    import Glibc
#endif

/// The library as a whole: started once in a process, and cut off from the configuration of the machine and the user.
///
/// Without that, an unreadable `~/.gitconfig` makes opening fail (fault B50), and what git reads would depend on who
/// runs it. Ownership is checked by `RepositoryOwner`, which can say whose the repository is.
enum LibGit2 {
    /// Call before anything else; only the first call works.
    static func start() throws(GitError) {
        if let failure { throw failure }
    }

    private static let failure: GitError? = {
        guard git_libgit2_init() >= 0 else {
            return GitError(.io, "libgit2 does not start", underlying: lastMessage())
        }
        guard git_libgit2_features() & Int32(bitPattern: GIT_FEATURE_THREADS.rawValue) != 0 else {
            return GitError(.unsupported, "this libgit2 was built without threads: install Debian's libgit2-dev")
        }
        let levels = [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
        ]
        for level in levels where setSearchPath(level.rawValue, "") != 0 {
            return GitError(.io, "libgit2's configuration paths cannot be cleared", underlying: lastMessage())
        }
        guard setFlag(GIT_OPT_SET_OWNER_VALIDATION, false) == 0 else {
            return GitError(.io, "libgit2's check of owners cannot be replaced", underlying: lastMessage())
        }
        return nil
    }()

    /// 0 where the file's certificates are those that are trusted from here on.
    static func setCertificates(_ file: String) -> Int32 { setCertificateFile(file) }

    /// What libgit2 says about the last failure on this thread.
    static func lastMessage() -> String? {
        guard let error = git_error_last(), let message = error.pointee.message else { return nil }
        return "libgit2: " + String(cString: message)
    }

    /// The part of libgit2 that failed last on this thread; 0 when none did.
    static func lastClass() -> Int32 {
        git_error_last()?.pointee.klass ?? 0
    }
}

// `git_libgit2_opts` takes variable arguments, which Swift does not import. The calling conventions of Linux on
// x86-64 and arm64 pass these few integers and pointers in the same registers either way, so it is called by address.
private func optionsFunction() -> UnsafeMutableRawPointer? {
    #if os(Linux) && (arch(x86_64) || arch(arm64))
        return dlsym(dlopen(nil, RTLD_NOW), "git_libgit2_opts")
    #else
        return nil
    #endif
}

private func setSearchPath(_ level: Int32, _ path: String) -> Int32 {
    guard let function = optionsFunction() else { return -1 }
    typealias Function = @convention(c) (Int32, Int32, UnsafePointer<CChar>) -> Int32
    let option = Int32(bitPattern: GIT_OPT_SET_SEARCH_PATH.rawValue)
    return path.withCString { unsafeBitCast(function, to: Function.self)(option, level, $0) }
}

private func setFlag(_ option: git_libgit2_opt_t, _ value: Bool) -> Int32 {
    guard let function = optionsFunction() else { return -1 }
    typealias Function = @convention(c) (Int32, Int32) -> Int32
    return unsafeBitCast(function, to: Function.self)(Int32(bitPattern: option.rawValue), value ? 1 : 0)
}

private func setCertificateFile(_ path: String) -> Int32 {
    guard let function = optionsFunction() else { return -1 }
    typealias Function = @convention(c) (Int32, UnsafePointer<CChar>, UnsafePointer<CChar>?) -> Int32
    let option = Int32(bitPattern: GIT_OPT_SET_SSL_CERT_LOCATIONS.rawValue)
    return path.withCString { unsafeBitCast(function, to: Function.self)(option, $0, nil) }
}
