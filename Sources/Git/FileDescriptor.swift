#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open file or directory, closed when it goes. What it opens below itself never follows a symbolic link.
struct FileDescriptor: ~Copyable {
    private let number: Int32

    deinit { close(number) }

    /// Opens what `path` leads to, links included: for paths that the operator gave. `nil` leaves the reason in `errno`.
    static func open(_ path: String, directory: Bool) -> FileDescriptor? {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (directory ? O_DIRECTORY : 0)
        return adopt(openRetrying { openFile(path, flags) })
    }

    /// Opens one name in this directory, which must not be a link. `nil` leaves the reason in `errno`.
    func open(_ name: String, directory: Bool) -> FileDescriptor? {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | (directory ? O_DIRECTORY : 0)
        return Self.adopt(Self.openRetrying { openat(number, name, flags) })
    }

    /// What stands under `name` in this directory, links not followed. `nil` leaves the reason in `errno`.
    func status(of name: [UInt8]) -> stat? {
        var status = stat()
        let path = name.map { CChar(bitPattern: $0) } + [0]
        return fstatat(number, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    func status() -> stat? {
        var status = stat()
        return fstat(number, &status) == 0 ? status : nil
    }

    /// What the link `name` in this directory says; `nil` when it is no link or over 4,096 bytes long.
    func destination(ofLink name: String) -> [UInt8]? {
        let capacity = 4_097
        var buffer = [CChar](repeating: 0, count: capacity)
        let count = readlinkat(number, name, &buffer, capacity)
        return (0..<capacity).contains(count) ? buffer.prefix(count).map { UInt8(bitPattern: $0) } : nil
    }

    /// The names in this directory but `.` and `..`, in no order. `nil` when it cannot be read, or holds more than
    /// `limit` names and one.
    func names(limit: Int) -> [[UInt8]]? {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return nil }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return nil
        }
        defer { closedir(stream) }
        rewinddir(stream)
        var names: [[UInt8]] = []
        while names.count <= limit {
            errno = 0
            guard let entry = readdir(stream) else { return errno == 0 ? names : nil }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        return names
    }

    /// The bytes from the beginning up to the end or `limit`, whichever comes first. `nil` leaves the reason in `errno`.
    func bytes(limit: Int) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while result.count < limit {
            let wanted = min(buffer.count, limit - result.count)
            let count = buffer.withUnsafeMutableBytes { read(number, $0.baseAddress, wanted) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            result += buffer.prefix(count)
        }
        return result
    }

    /// The bytes of a file that the operator or git itself put there. Throws `io` and `tooLarge`.
    static func contents(ofFileAt path: String, limit: Int) throws(GitError) -> [UInt8] {
        guard let file = open(path, directory: false), let bytes = file.bytes(limit: limit + 1) else {
            throw GitError(.io, "\(escapedForDisplay(path)) cannot be read", underlying: FileStatus.message())
        }
        guard bytes.count <= limit else {
            throw GitError(.tooLarge, "\(escapedForDisplay(path)) has over \(limit) bytes")
        }
        return bytes
    }

    /// Adds bytes to the end of a file, which is made where it is missing. `false` leaves the reason in `errno`.
    static func append(_ bytes: [UInt8], toFileAt path: String) -> Bool {
        guard let file = adopt(openRetrying { openFile(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC) }) else {
            return false
        }
        return bytes.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) } == bytes.count
    }

    private static func adopt(_ number: Int32) -> FileDescriptor? {
        number >= 0 ? FileDescriptor(number: number) : nil
    }

    private static func openRetrying(_ open: () -> Int32) -> Int32 {
        while true {
            let number = open()
            if number >= 0 || errno != EINTR { return number }
        }
    }
}

/// The system's `open`, which a method of the same name hides.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o666) }

extension stat {
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    var isFile: Bool { st_mode & S_IFMT == S_IFREG }
    var isSymbolicLink: Bool { st_mode & S_IFMT == S_IFLNK }
}
