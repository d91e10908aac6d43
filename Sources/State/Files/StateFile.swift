#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file of a state, looked at before SQLite sees it.
///
/// SQLite takes an empty file for a new database and creates what is missing. A state that was lost must never come
/// back as an empty one, because everything that it knew would look deleted (fault D83).
struct StateFile {
    let path: String

    /// "SQLite format 3" and a NUL.
    private static let magic = Array("SQLite format 3".utf8) + [0]

    private static let headerLength = 100

    var directory: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What becomes the state when a backup is restored: there until it is.
    var draftOfRestore: String { path + ".restored" }

    /// Throws if the path cannot be a file's.
    init(path: String) throws(StateError) {
        guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else {
            throw StateError(.notFound, "\"\(path)\" is not the path of a file: give the state's file with --state")
        }
        self.path = path
    }

    /// Whether there is a state. Throws for anything that is not a whole SQLite file.
    func exists() throws(StateError) -> Bool {
        guard let file = FileFacts(path) else {
            // What cannot be looked at is not gone: nothing may be planned as if nothing was applied.
            guard errno == ENOENT else {
                throw StateError(
                    .readOnly, "\(path) cannot be looked at: see who owns its directory",
                    underlying: SystemMessage.current)
            }
            if let log = FileFacts(path + "-wal"), log.size > 0 {
                throw StateError(
                    .damaged,
                    "\(path) is gone, but its log \(path)-wal is there: put the file back, or restore a backup with `writ restore FILE`;"
                        + " only if you want to begin anew, remove \(path)-wal and \(path)-shm")
            }
            guard FileFacts(draftOfRestore) == nil else {
                throw StateError(
                    .damaged,
                    "\(path) is gone in the middle of a restoration: run `writ restore` again; what was there before is"
                        + " beside it")
            }
            return false
        }
        guard file.isRegular else {
            throw StateError(.notState, "\(path) is not a file: give the state's file with --state")
        }
        guard file.size > 0 else {
            throw StateError(
                .damaged,
                "\(path) is empty, and Writ never leaves it so: restore a backup with `writ restore FILE`; only if you want"
                    + " to begin anew, remove it")
        }
        try checkHeader(size: file.size)
        return true
    }

    private func checkHeader(size: Int64) throws(StateError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StateError(.readOnly, "\(path) cannot be read: see who owns it", underlying: SystemMessage.current)
        }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: Self.headerLength)
        let count = pread(descriptor, &header, header.count, 0)
        guard count >= Self.magic.count, header.starts(with: Self.magic) else {
            throw StateError(
                .notState,
                "\(path) is not a SQLite database: give the state's file with --state, or if it was one, restore a backup"
                    + " with `writ restore FILE`")
        }
        // Until a log is written back, its pages may be missing from the file.
        if let log = FileFacts(path + "-wal"), log.size > 0 { return }
        guard count == header.count, size >= Self.length(header) else {
            throw StateError(.damaged, "\(path) is cut short: restore a backup with `writ restore FILE`")
        }
    }

    /// Page size times pages (SQLite's file format, section 1.3).
    private static func length(_ header: [UInt8]) -> Int64 {
        let size = header[16..<18].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let pages = header[28..<32].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return (size == 1 ? 65_536 : size) * pages
    }

    /// Throws if this file or its directory is not to be written. A mode without the owner's write bit counts for
    /// root as well.
    func checkWritable() throws(StateError) {
        for name in [directory, path] {
            guard let facts = FileFacts(name) else { continue }
            guard facts.mode & 0o200 != 0, access(name, W_OK) == 0 else {
                throw StateError(.readOnly, "\(name) is read-only: Writ has to write the state to apply or serve")
            }
        }
    }

    /// Makes the directory if only that is missing; 0700, because the state holds what came in.
    func makeDirectory() throws(StateError) {
        if let facts = FileFacts(directory) {
            guard facts.isDirectory else {
                throw StateError(.directoryMissing, "\(directory), where the state should be, is not a directory")
            }
            return
        }
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw StateError(
                .directoryMissing, "the directory \(directory) for the state cannot be made: make it first",
                underlying: SystemMessage.current)
        }
    }
}

/// What the system says about a path, links followed.
struct FileFacts {
    let mode: mode_t
    let size: Int64
    /// How many names lead to it.
    let names: Int

    /// `nil` if there is nothing.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        mode = status.st_mode
        size = Int64(status.st_size)
        names = Int(clamping: status.st_nlink)
    }

    var isRegular: Bool { mode & S_IFMT == S_IFREG }
    var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    /// Whether others than the owner may read or write.
    var isOpenToOthers: Bool { mode & 0o077 != 0 }
}
