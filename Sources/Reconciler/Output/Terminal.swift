import Apply
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Results go to standard output, talk to standard error.
enum Terminal {
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private static let isBegun = Atomic(false)

    /// Whether there is something on standard output already: a second object behind a first one is none.
    static var hasResult: Bool { isBegun.load(ordering: .relaxed) }

    /// - Parameter done: what was done nonetheless, where the text cannot be written
    static func result(_ text: String, done: String? = nil) {
        let whole = text.hasSuffix("\n") || text.isEmpty ? text : text + "\n"
        result([Array(whole.utf8)], done: done)
    }

    /// The same of a text that is in pieces, and ends with a line's end.
    static func result(_ pieces: [[UInt8]], done: String? = nil) {
        isBegun.store(true, ordering: .relaxed)
        var problem: String?
        for piece in pieces where problem == nil {
            problem = piece.withUnsafeBytes { write($0, to: STDOUT_FILENO) }
        }
        guard let problem else { return }
        // Half a result must not look like one: a file on a full disk, in a job that goes on.
        let nonetheless = done.map { "; \($0)" } ?? ""
        talk("writ: error: the result cannot be written to standard output: \(problem)\(nonetheless)")
        exit(1)
    }

    static func talk(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// What went wrong. A reader that went away (`| head`) is no error.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> String? {
        var text = text
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> String? {
        var bytes = bytes[...]
        while let start = UnsafeRawBufferPointer(rebasing: bytes).baseAddress, !bytes.isEmpty {
            let count = systemWrite(descriptor, start, bytes.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE { return nil }
            guard count > 0 else { return String(cString: strerror(errno)) }
            bytes = bytes.dropFirst(count)
        }
        return nil
    }

    private static func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #else
            Darwin.write(descriptor, start, count)
        #endif
    }
}
