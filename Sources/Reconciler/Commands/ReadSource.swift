import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `writ` starts of itself to read a repository under limits (docs/architecture.md); not for people.
struct ReadSource: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ReadSource.name, abstract: "Read a repository for another writ.", shouldDisplay: false)

    static let name = "read-source"

    func run() throws {
        var session = ReaderSession(input: STDIN_FILENO, output: STDOUT_FILENO)
        try session.run()
    }
}
