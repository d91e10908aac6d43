import Spec

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

    private static let switches = ["WRIT_TRUST_OWNER", "WRIT_QUIET", "WRIT_NO_COLOR"]
    private static let on: Set = ["1", "true", "yes", "y", "on"]
    private static let off: Set = ["0", "false", "no", "n", "off"]

    /// Whether a switch is on. Of a word that nobody knows it is not.
    static func isSet(_ name: String) -> Bool {
        self[name].map { on.contains($0.lowercased()) } ?? false
    }

    /// Refuses words that mean neither: who writes one means something that would not happen.
    static func checkSwitches() throws(CommandFailure) {
        for name in switches {
            guard let value = self[name], !on.union(off).contains(value.lowercased()) else { continue }
            throw CommandFailure(
                "\(name) is \(quoted(value)), which says neither yes nor no: write 1, true, yes or on, or 0, false, no or off"
            )
        }
    }
}
