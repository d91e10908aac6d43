#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs a program of the system that has little to say and little time to say it. No shell, no environment, no input.
enum ShortProgram {
    struct Output {
        let status: Int32
        let text: String
    }

    private static let longest = 64 << 10
    /// Bytes of memory, and seconds of processor time.
    private static let memory: UInt = 512 << 20
    private static let processor: UInt = 10

    /// Throws where it does not start or does not end in time.
    static func run(_ program: String, _ arguments: [String], within time: Duration) throws -> Output {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(program, String(cString: strerror(errno))) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let pid: pid_t
        do {
            pid = try start(program, arguments, ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        limit(pid)
        var input = LineInput(ends[0], limit: longest)
        var lines: [String] = []
        let deadline = ContinuousClock.now.advanced(by: time)
        do {
            while let line = try input.next(until: deadline) {
                guard input.count <= longest else { throw LineInput.Failure.tooLong }
                lines.append(String(decoding: line, as: UTF8.self))
            }
        } catch {
            kill(pid, SIGKILL)
            _ = wait(pid)
            throw failure(program, "it did not end within \(time.inSeconds), or said too much")
        }
        return Output(status: wait(pid), text: lines.joined(separator: "\n"))
    }

    private static func start(_ program: String, _ arguments: [String], _ output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let texts: [String] = [program] + arguments
        var words = texts.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C"), nil]
        defer { for pointer in words + environment { free(pointer) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, program, &actions, nil, &words, &environment)
        guard status == 0 else { throw failure(program, String(cString: strerror(status))) }
        return pid
    }

    /// It has begun already; that it takes little until here is all that is lost.
    private static func limit(_ pid: pid_t) {
        #if canImport(Glibc)
            // glibc declares it for `_GNU_SOURCE` only.
            typealias Function =
                @convention(c) (
                    pid_t, __rlimit_resource_t, UnsafePointer<rlimit>?, UnsafeMutablePointer<rlimit>?
                ) -> Int32
            guard let address = dlsym(nil, "prlimit") else { return }
            let prlimit = unsafeBitCast(address, to: Function.self)
            for (resource, value) in [(RLIMIT_AS, memory), (RLIMIT_CPU, processor)] {
                var limit = rlimit(rlim_cur: value, rlim_max: value)
                _ = prlimit(pid, __rlimit_resource_t(bitPattern: resource.rawValue), &limit, nil)
            }
        #endif
    }

    /// The exit status, or 128 and the signal.
    private static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    }

    private static func failure(_ program: String, _ why: String) -> CommandFailure {
        CommandFailure("\(program) gives no answer: \(why)")
    }
}
