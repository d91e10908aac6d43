import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A log that a process before left, because it crashed or the disk failed.
///
/// What stands in it is read from the system's memory, also where a sync failed and the disk has nothing of it: Linux
/// counts such pages as written, and no later sync writes them. So all of it is written again before anything is put behind
/// it or told to be there (fault D75).
enum LeftLog {
    private static let piece = 1 << 20

    /// Writes the log of the state at `path` once more, and syncs it. With SQLite's lock, so that no other program writes
    /// meanwhile.
    static func writeAgain(ofStateAt path: String, _ db: Database) throws {
        guard let size = FileFacts(path + "-wal")?.size, size > 0 else { return }
        try db.inTransaction(.immediate) {
            try writeAgain(path + "-wal")
            return .rollback
        }
    }

    private static func writeAgain(_ log: String) throws(StateError) {
        let descriptor = open(log, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure(log) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: piece)
        var offset: off_t = 0
        while true {
            let count = pread(descriptor, &bytes, bytes.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(log) }
            guard count > 0 else { break }
            var written = 0
            while written < count {
                let more = bytes.withUnsafeBytes {
                    pwrite(descriptor, $0.baseAddress?.advanced(by: written), count - written, offset + off_t(written))
                }
                if more < 0, errno == EINTR { continue }
                guard more > 0 else { throw failure(log) }
                written += more
            }
            offset += off_t(count)
        }
        guard fsync(descriptor) == 0 else { throw failure(log) }
    }

    private static func failure(_ log: String) -> StateError {
        let reason = errno
        let isFull = reason == ENOSPC || reason == EDQUOT
        return StateError(
            isFull ? .full : .io,
            "\(log), which a process before left, cannot be written again: "
                + (isFull ? "free some space" : "see the system's log, then start writ again"),
            underlying: SystemMessage.text(reason))
    }
}
