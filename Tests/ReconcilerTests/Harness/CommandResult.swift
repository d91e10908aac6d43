import Values

/// What a command that has ended said.
struct CommandResult: Sendable, CustomStringConvertible {
    let arguments: [String]
    let status: Int32
    let stdout: String
    let stderr: String

    var json: JSON { get throws { try JSON(parsing: stdout) } }

    var description: String {
        "writ \(arguments.joined(separator: " ")) exited with \(status)\n\(stdout)\n\(stderr)"
    }
}
