import Foundation
import Testing

/// The program under test: built beside the runner of these tests, or the one that WRIT_BINARY names.
enum WritBinary {
    static let path: String? = {
        if let chosen = ProcessInfo.processInfo.environment["WRIT_BINARY"] { return chosen }
        var directory = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        while directory.path != "/" {
            directory.deleteLastPathComponent()
            let candidate = directory.appendingPathComponent("writ").path
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory), !isDirectory.boolValue,
                FileManager.default.isExecutableFile(atPath: candidate)
            {
                return candidate
            }
        }
        return nil
    }()

    static func start(
        _ arguments: [String], environment: [String: String] = [:], in directory: String
    ) throws -> ChildProcess {
        let executable = try #require(path, "no executable `writ` beside \(CommandLine.arguments[0]): swift build")
        var all = ["PATH": "/usr/bin:/bin", "HOME": directory, "WRIT_ACTOR": "ada"]
        all.merge(environment) { _, own in own }
        return try ChildProcess(executable, arguments, environment: all, directory: directory)
    }

    /// Runs a command to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], in directory: String
    ) async throws -> CommandResult {
        let process = try start(arguments, environment: environment, in: directory)
        let status = try await process.wait()
        return CommandResult(arguments: arguments, status: status, stdout: process.stdout, stderr: process.stderr)
    }
}
