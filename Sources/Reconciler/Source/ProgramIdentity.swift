#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Names this very build: what one build read of a file, another one may read otherwise.
enum ProgramIdentity {
    static let text: String = {
        var facts = stat()
        guard stat("/proc/self/exe", &facts) == 0 else { return BuildInfo.version }
        return "\(BuildInfo.version) \(facts.st_size) \(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec)"
    }()
}
