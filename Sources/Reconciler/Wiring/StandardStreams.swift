#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The descriptors 0 to 2.
enum StandardStreams {
    /// Opens /dev/null on those that are closed: the next file that is opened would get their numbers, and what is said be
    /// written into it.
    static func fill() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest that is free is this one.
            _ = open("/dev/null", O_RDWR)
        }
    }
}
