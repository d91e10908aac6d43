#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A repository of another user is refused as git does it: its configuration would be that user's word about what we
/// do. libgit2's own check stops at "config value 'safe.directory' was not found" (fault B50); this one says who.
enum RepositoryOwner {
    static func check(_ paths: [String]) throws(GitError) {
        let ours = geteuid()
        for path in paths {
            guard let owner = FileStatus.owner(of: path) else {
                throw GitError(
                    .io, "cannot see whose \(escapedForDisplay(path)) is", underlying: FileStatus.message())
            }
            if owner == ours || (ours == 0 && owner == userBehindSudo) { continue }
            throw GitError(
                .wrongOwner,
                "\(escapedForDisplay(path)) is owned by uid \(owner), but writ runs as uid \(ours): run it as that"
                    + " user, change the owner, or pass --trust-owner if you trust what is in there")
        }
    }

    /// Under `sudo`, root reads the repositories of who called it.
    private static var userBehindSudo: UInt32? {
        getenv("SUDO_UID").flatMap { UInt32(String(cString: $0)) }
    }
}
