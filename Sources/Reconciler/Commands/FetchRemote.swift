#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `writ` starts of itself to fetch a repository under limits (docs/architecture.md); not for people.
enum FetchRemote {
    static let name = "fetch-source"

    static func run() throws {
        var session = FetchSession(input: STDIN_FILENO, output: STDOUT_FILENO)
        try session.run()
    }
}
