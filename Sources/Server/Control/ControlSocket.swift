#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file of the control socket. Whoever can open it can do what `serve` can: it is its owner's alone.
package struct ControlSocket: Sendable {
    package let path: String

    /// Of `sockaddr_un`, without the closing NUL.
    private static let longest = 103

    package init(path: String) {
        self.path = path
    }

    /// Beside a state file; of one with another name than the usual its name says whose it is, as there may be several in
    /// a directory.
    package init(besideStateAt state: String) {
        let directory = state.lastIndex(of: "/").map { String(state[...$0]) } ?? "./"
        let name = state.split(separator: "/").last.map(String.init) ?? ""
        path = directory + (name == Self.usualState ? "" : name + ".") + "control.sock"
    }

    private static let usualState = "state.db"

    /// Nobody but us may enter the directory in which the socket is bound, so that it is never open to others, not
    /// even before its mode is set.
    var draft: String { path + ".d/s" }
    private var draftDirectory: String { path + ".d" }

    /// Whether a socket can have this path at all.
    var isPossible: Bool { draft.utf8.count <= Self.longest }

    /// Makes the place to bind in. The state's lock is ours, so what lies there is left from a process that is gone.
    func prepare() throws(ServerError) {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFSOCK {
            throw ServerError(.controlSocket, "\(path) is there and is no socket: remove it")
        }
        clean()
        guard mkdir(draftDirectory, 0o700) == 0 else { throw failure("cannot be made") }
    }

    /// Gives the bound socket its mode and its name.
    func publish() throws(ServerError) {
        guard chmod(draft, 0o600) == 0, rename(draft, path) == 0 else { throw failure("cannot be made") }
        rmdir(draftDirectory)
    }

    /// Removes what belongs to us.
    func remove() {
        unlink(path)
        clean()
    }

    private func clean() {
        unlink(draft)
        rmdir(draftDirectory)
    }

    private func failure(_ what: String) -> ServerError {
        ServerError(.controlSocket, "the control socket \(path) \(what)", underlying: String(cString: strerror(errno)))
    }
}
