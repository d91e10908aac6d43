import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether the last write went well, for who is asked about the health of the service (fault D76).
final class WriteHealth: Sendable {
    private let problem = Mutex<StateError?>(nil)
    private let path: String

    /// Bytes that must be free for a full disk to count as mended before anything is written to it.
    private static let room: UInt64 = 1 << 20

    init(path: String) {
        self.path = path
    }

    func succeeded() {
        problem.withLock { if $0 != nil { $0 = nil } }
    }

    func failed(_ error: StateError) {
        switch error.code {
        case .full, .io: problem.withLock { $0 = error }
        default: break
        }
    }

    /// Why nothing can be written at this time.
    var current: String? {
        guard let error = problem.withLock({ $0 }) else { return nil }
        if error.code == .full, Self.free(beside: path) >= Self.room {
            succeeded()
            return nil
        }
        return error.code == .full
            ? "the disk is full: the state cannot be written" : "the disk failed: the state cannot be written"
    }

    private static func free(beside path: String) -> UInt64 {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return 0 }
        return UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue
    }
}

extension StateReader {
    /// Why the store whose reader this is cannot write, `nil` where it can as far as is known.
    package var writeProblem: String? { health?.current }
}
