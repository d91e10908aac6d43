#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A second process of this same program, with a pipe in and a pipe out, and nothing else of this one: no open files,
/// no environment. It is killed when it is let go of.
final class ReaderProcess {
    /// How it ended.
    struct End {
        let status: Int32
        /// Bytes that it had in memory at most.
        let memory: Int

        /// The signal that ended it.
        var signal: Int32? { status & 0x7F == 0 ? nil : status & 0x7F }
    }

    private let pid: pid_t
    /// Its standard input.
    let input: Int32
    /// Its standard output.
    let output: Int32
    private var end: End?

    /// What it keeps of the environment: where time zones and the program's own libraries are.
    private static let kept = ["TZDIR", "LD_LIBRARY_PATH"]

    /// - Parameters:
    ///   - command: the subcommand that it runs
    ///   - keeping: what else it keeps of the environment
    init(_ command: String = ReadSource.name, keeping names: [String] = []) throws(ReaderError) {
        guard let program = Self.program() else { throw Self.failure("the program's own file is not known") }
        let (childInput, input) = try Self.pipe()
        defer { close(childInput) }
        let output: Int32
        let childOutput: Int32
        do {
            (output, childOutput) = try Self.pipe()
        } catch {
            close(input)
            throw error
        }
        defer { close(childOutput) }
        do {
            pid = try Self.spawn(program, command, Self.kept + names, childInput, childOutput)
        } catch {
            close(input)
            close(output)
            throw error
        }
        self.input = input
        self.output = output
    }

    deinit {
        kill()
        close(input)
        close(output)
    }

    /// Ends it, whatever it does. What it had ended by itself before, stays.
    @discardableResult
    func kill() -> End {
        if let end { return end }
        #if canImport(Glibc)
            _ = Glibc.kill(pid, SIGKILL)
        #else
            _ = Darwin.kill(pid, SIGKILL)
        #endif
        var status: Int32 = 0
        var usage = rusage()
        while wait4(pid, &status, 0, &usage) < 0, errno == EINTR {}
        let ended = End(status: status, memory: usage.ru_maxrss * 1_024)
        end = ended
        return ended
    }

    private static func spawn(
        _ program: String, _ command: String, _ names: [String], _ input: Int32, _ output: Int32
    ) throws(ReaderError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // A group of its own: an interrupt from the terminal is for this process, which then ends that one.
        var flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
        #if canImport(Glibc)
            closeOthers(&actions)
        #else
            flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
        #endif
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
        let variables = names.compactMap { name in Environment[name].map { "\(name)=\($0)" } }
        // A crash is told by its signal; nobody reads a backtrace.
        let settings: [String] = variables + ["SWIFT_BACKTRACE=enable=no"]
        let words: [String] = ["writ", command]
        var environment = settings.map { strdup($0) } + [nil]
        var arguments = words.map { strdup($0) } + [nil]
        defer { for pointer in environment + arguments { free(pointer) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, program, &actions, &attributes, &arguments, &environment)
        guard status == 0 else { throw failure(String(cString: strerror(status))) }
        return pid
    }

    #if canImport(Glibc)
        /// glibc has the function since 2.34, and declares it for `_GNU_SOURCE` only. Elsewhere the files that this
        /// program opened close by themselves, and what it inherited stays open.
        private static func closeOthers(_ actions: inout posix_spawn_file_actions_t) {
            typealias Function = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
            guard let address = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
            _ = unsafeBitCast(address, to: Function.self)(&actions, STDERR_FILENO + 1)
        }
    #endif

    /// Of this program, also where the file was replaced by a newer one meanwhile.
    private static func program() -> String? {
        #if canImport(Glibc)
            return "/proc/self/exe"
        #else
            var size = UInt32(PATH_MAX)
            var path = [CChar](repeating: 0, count: Int(size))
            guard _NSGetExecutablePath(&path, &size) == 0 else { return nil }
            return String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        #endif
    }

    /// The end to read from and the one to write to; both closed in other programs that are started.
    private static func pipe() throws(ReaderError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Glibc)
            let status = Glibc.pipe(&ends)
        #else
            let status = Darwin.pipe(&ends)
        #endif
        guard status == 0 else { throw failure(String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func failure(_ reason: String) -> ReaderError {
        ReaderError(.notStarted, "the process that reads the repository does not start: \(reason)")
    }
}
