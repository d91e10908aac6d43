#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `writ` starts of itself to read a repository under limits (docs/architecture.md); not for people.
enum ReadSource {
    static let name = "read-source"

    static func run() throws {
        var session = ReaderSession(input: STDIN_FILENO, output: STDOUT_FILENO)
        try session.run()
    }
}
