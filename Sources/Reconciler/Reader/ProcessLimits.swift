#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Limits that the system holds this process to. They cannot be raised again.
enum ProcessLimits {
    /// False where one of them was refused.
    static func apply(_ limits: ReaderLimits) -> Bool {
        // Nothing is written to files; pipes are none.
        var isDone = apply(time: limits.time, file: 0)
        #if canImport(Glibc)
            isDone = set(RLIMIT_AS, UInt(clamping: mappedBytes()) + UInt(clamping: limits.memory)) && isDone
        #endif
        return isDone
    }

    /// What comes is one file, mapped while it is written and read: only what is taken beside that is memory. A
    /// difference that grows to gigabytes ends the fetch (fault B38).
    static func apply(_ limits: FetchLimits) -> Bool {
        var isDone = apply(time: limits.time, file: limits.bytes + (64 << 20))
        #if canImport(Glibc)
            isDone = set(RLIMIT_DATA, UInt(clamping: limits.memory)) && isDone
        #endif
        return isDone
    }

    private static func apply(time: Duration, file: Int) -> Bool {
        let seconds = UInt(clamping: time.components.seconds) + 1
        // At the second limit of processor time the system kills, without the signal that says why.
        return set(RLIMIT_FSIZE, UInt(clamping: file)) && set(RLIMIT_CORE, 0)
            && set(RLIMIT_CPU, seconds, grace: 5)
    }

    #if canImport(Glibc)
        private typealias Resource = __rlimit_resource

        private static func set(_ resource: Resource, _ value: UInt, grace: UInt = 0) -> Bool {
            let resource = __rlimit_resource_t(bitPattern: resource.rawValue)
            var limit = rlimit()
            guard getrlimit(resource, &limit) == 0 else { return false }
            // Whoever started this process may allow less.
            let most = limit.rlim_max
            limit = rlimit(rlim_cur: min(value, most), rlim_max: min(value + grace, most))
            return setrlimit(resource, &limit) == 0
        }

        /// The address space that the process has now: the first number of statm, in pages (proc(5)).
        private static func mappedBytes() -> Int {
            guard let bytes = SmallFile.read("/proc/self/statm", limit: 4_096),
                let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ").first.flatMap({ Int($0) })
            else { return 0 }
            return pages * sysconf(Int32(_SC_PAGESIZE))
        }
    #else
        private static func set(_ resource: Int32, _ value: UInt, grace: UInt = 0) -> Bool {
            var limit = rlimit()
            guard getrlimit(resource, &limit) == 0 else { return false }
            let most = limit.rlim_max
            limit = rlimit(rlim_cur: min(UInt64(value), most), rlim_max: min(UInt64(value + grace), most))
            return setrlimit(resource, &limit) == 0
        }
    #endif
}
