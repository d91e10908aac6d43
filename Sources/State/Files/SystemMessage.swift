#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's words for its error numbers.
enum SystemMessage {
    /// For `errno`, read at once after a failing call.
    static var current: String { text(errno) }

    static func text(_ number: CInt) -> String {
        guard let words = strerror(number) else { return "error \(number)" }
        return String(cString: words)
    }
}
