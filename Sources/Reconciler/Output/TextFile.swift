#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of this machine that a command writes.
enum TextFile {
    /// In the place of what is there.
    static func write(_ text: String, to path: String, what: String) throws {
        func failure() -> CommandFailure {
            CommandFailure("cannot write \(what) to \(path): \(String(cString: strerror(errno)))")
        }
        guard let file = fopen(path, "w") else { throw failure() }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        guard fclose(file) == 0, written == bytes.count else { throw failure() }
    }
}
