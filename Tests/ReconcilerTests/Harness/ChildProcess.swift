import Synchronization
import TestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A process of its own whose output goes to files, so that it never waits for a reader. Killed when the last
/// reference goes.
final class ChildProcess: Sendable {
    struct SpawnError: Error {
        let message: String
    }

    let pid: pid_t
    private let directory: TemporaryDirectory
    private let ended = Mutex<Int32?>(nil)

    /// - Parameter environment: all of it; nothing is inherited
    init(_ executable: String, _ arguments: [String], environment: [String: String], directory: String) throws {
        let output = try TemporaryDirectory()
        self.directory = output
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.path("out"), flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, output.path("err"), flags, 0o600)
        // The shell goes to the directory and becomes the program.
        let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, directory, executable]
        var words = (shell + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, shell[0], &actions, nil, &words, &variables)
        guard status == 0 else {
            throw SpawnError(message: "\(executable) does not start: \(String(cString: strerror(status)))")
        }
        self.pid = pid
    }

    deinit {
        guard exitStatus == nil else { return }
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
    }

    var stdout: String { (try? directory.read("out")) ?? "" }
    var stderr: String { (try? directory.read("err")) ?? "" }

    /// What it exited with, 128 and the number of the signal that ended it, or `nil` while it runs.
    var exitStatus: Int32? {
        ended.withLock { ended in
            if ended != nil { return ended }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            let signal = status & 0x7F
            ended = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            return ended
        }
    }

    func send(_ signal: Int32) {
        // Once reaped, the number may be another process's.
        if exitStatus == nil { kill(pid, signal) }
    }

    func wait() async throws -> Int32 {
        try await waitUntil("the end of process \(pid)", timeout: .seconds(60)) { exitStatus != nil }
        return exitStatus ?? -1
    }
}
