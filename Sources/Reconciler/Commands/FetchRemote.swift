import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `writ` starts of itself to fetch a repository under limits (docs/architecture.md); not for people.
struct FetchRemote: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: FetchRemote.name, abstract: "Fetch a repository for another writ.", shouldDisplay: false)

    static let name = "fetch-source"

    func run() throws {
        var session = FetchSession(input: STDIN_FILENO, output: STDOUT_FILENO)
        try session.run()
    }
}
