#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The environment of the process; an empty variable counts as not set.
enum Environment {
    static subscript(name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// Whether a switch is on: anything but `0`, `false` and `no`.
    static func isSet(_ name: String) -> Bool {
        guard let value = self[name]?.lowercased() else { return false }
        return !["0", "false", "no"].contains(value)
    }
}
