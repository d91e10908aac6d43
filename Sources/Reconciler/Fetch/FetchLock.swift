import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An advisory lock on a cache, gone with the process that holds it.
struct FetchLock: ~Copyable {
    private let descriptor: Int32

    /// Waits for it; `waiting` is called ten times a second meanwhile. The process has a deadline of its own.
    init(_ path: String, waiting: () -> Void) throws(GitError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw GitError(
                .io, "\(escapedForDisplay(path)) cannot be opened", underlying: String(cString: strerror(errno)))
        }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                let reason = String(cString: strerror(errno))
                close(descriptor)
                throw GitError(.io, "\(escapedForDisplay(path)) cannot be locked", underlying: reason)
            }
            waiting()
            usleep(100_000)
        }
    }

    deinit { close(descriptor) }
}
