import Spec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of this machine that a command writes.
enum TextFile {
    /// In the place of what is there, which stays as it is until all is written.
    ///
    /// - Parameter what: as in "cannot write the plan to …"
    static func write(_ bytes: some Collection<UInt8>, to path: String, what: String) throws {
        func failure(_ number: Int32) -> CommandFailure {
            CommandFailure("cannot write \(what) to \(quoted(path)): \(String(cString: strerror(number)))")
        }
        var facts = stat()
        let isThere = stat(path, &facts) == 0
        // A pipe or a terminal has nothing to be replaced.
        guard !isThere || facts.st_mode & S_IFMT == S_IFREG else {
            if let error = write(bytes, descriptor: open(path, O_WRONLY | O_CLOEXEC)) { throw failure(error) }
            return
        }
        // What a link leads to is replaced, and not the link.
        let target = Paths.followed(path)
        let draft = "\(target).writ-\(getpid())"
        let mode = isThere ? facts.st_mode & 0o7777 : 0o666
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        // Where no file may be made beside it, it may still be written to.
        if descriptor < 0, isThere, errno == EACCES || errno == EPERM || errno == EROFS {
            if let error = write(bytes, descriptor: open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)) { throw failure(error) }
            return
        }
        if let error = write(bytes, descriptor: descriptor) {
            if descriptor >= 0 { unlink(draft) }
            throw failure(error)
        }
        guard rename(draft, target) == 0 else {
            let error = errno
            unlink(draft)
            throw failure(error)
        }
    }

    /// A file that is not there yet; what could not be written is taken away again.
    static func create(_ bytes: some Collection<UInt8>, at path: String, what: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard let error = write(bytes, descriptor: descriptor) else { return }
        if descriptor >= 0 { unlink(path) }
        throw CommandFailure("cannot write \(what) to \(quoted(path)): \(String(cString: strerror(error)))")
    }

    /// All of it, and closes the descriptor.
    ///
    /// - Returns: the system's number for what went wrong; nil where nothing did
    private static func write(_ bytes: some Collection<UInt8>, descriptor: Int32) -> Int32? {
        guard descriptor >= 0, let file = fdopen(descriptor, "w") else { return errno }
        let bytes = Array(bytes)
        let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        let error = errno
        // Some file systems tell only now that there is no space.
        guard fclose(file) == 0 else { return errno }
        return written == bytes.count ? nil : error
    }
}
