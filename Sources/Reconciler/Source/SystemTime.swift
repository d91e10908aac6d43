import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum SystemTime {
    static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

extension ClockOption {
    /// The instant to plan for.
    func instant() throws -> Instant {
        guard let at else { return SystemTime.now() }
        guard let instant = Instant(rfc3339: at) else {
            throw CommandFailure("--at \(at) is not an instant: write it as 2026-01-31T09:00:00Z")
        }
        return instant
    }
}

extension IdentifierGenerator {
    static let system = IdentifierGenerator(
        now: { SystemTime.now().milliseconds }, random: { UInt64.random(in: .min ... .max) })
}
