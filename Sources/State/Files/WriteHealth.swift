import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether the last write went well, for who is asked about the health of the service (fault D76).
final class WriteHealth: Sendable {
    private let problem = Mutex<StateError?>(nil)
    /// Writes in a row that found the disk full.
    private let refusals = Mutex(0)
    private let path: String
    private let reserve: DiskReserve

    /// Bytes that must be free for a full disk to count as mended before anything is written to it.
    private static let room: UInt64 = 1 << 20

    init(path: String, reserve: DiskReserve) {
        self.path = path
        self.reserve = reserve
    }

    /// Refusals after which the disk counts as full, though it says that it has space: a quota's, not a passing one.
    private static let patience = 3

    func succeeded() {
        refusals.withLock { $0 = 0 }
        problem.withLock { if $0 != nil { $0 = nil } }
    }

    /// - Returns: whether it gave space up because of this
    @discardableResult
    func failed(_ error: StateError) -> Bool {
        switch error.code {
        case .full:
            problem.withLock { $0 = error }
            let count = refusals.withLock { refusals in
                refusals += 1
                return refusals
            }
            return (count >= Self.patience || Self.free(beside: path) < Self.room) && reserve.give()
        case .io: problem.withLock { $0 = error }
        default: break
        }
        return false
    }

    /// Why nothing can be written at this time.
    var current: String? {
        if reserve.isGiven { return Self.fullDisk }
        guard let error = problem.withLock({ $0 }) else { return nil }
        if error.code == .full, Self.free(beside: path) >= Self.room {
            succeeded()
            return nil
        }
        return error.code == .full
            ? Self.fullDisk : "the disk failed: the state cannot be written"
    }

    var isFull: Bool { current == Self.fullDisk }

    private static let fullDisk = "the disk is full: the state cannot be written"

    /// - Parameter path: of a file that need not be there
    static func free(beside path: String) -> UInt64 {
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var facts = statvfs()
        guard statvfs(directory, &facts) == 0 else { return 0 }
        return UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue
    }
}

extension StateReader {
    /// Why the store whose reader this is cannot write, `nil` where it can as far as is known.
    package var writeProblem: String? { health?.current }

    /// Whether that is a full disk.
    package var isOutOfSpace: Bool { health?.isFull ?? false }
}
