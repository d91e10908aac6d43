import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Writes the log back into the file. SQLite would do all of it within the commit that makes the log too long, and
/// everybody who commits would wait for it. Here most is written by a connection of its own while commits go on; what has
/// come meanwhile is little, and is written back between two commits, after which the log begins anew.
final class Checkpointer: Sendable {
    private struct State {
        /// Whether the other connection is at it.
        var isRunning = false
        var isClosed = false
        /// Of the frames in the log, counted by SQLite: how many there are, and how many are in the file.
        var frames = 0
        var written = 0
        /// Where a reader or the disk keeps the rest from being written, it is not tried again before there are so many.
        var next = 0
        var connection: DatabaseQueue?
    }

    private enum Step { case none, begin, finish, wait }

    /// In frames of the log, each of a page.
    struct Limits {
        /// After which the log is written back: 16 MiB.
        var enough = 4_096
        /// After which it is at once where the disk has little space: 4 MiB.
        var scant = 1_000
        /// So few are written back between two commits.
        var few = 1_024
        /// With so many, commits wait until the log is written back: 64 MiB.
        var most = 16_384
    }

    /// Bytes that the log may become and be written back, twice over.
    private static let littleSpace: UInt64 = 128 << 20

    private let path: String
    private let limits: Limits
    private let state = Mutex(State())
    private let onFailure = Mutex<(@Sendable (DatabaseError) -> Void)?>(nil)
    private let queue = DispatchQueue(label: "writ.checkpoint")

    init(path: String, limits: Limits = Limits()) {
        self.path = path
        self.limits = limits
    }

    /// Calls `handler` where the disk fails.
    func onFailure(_ handler: @escaping @Sendable (DatabaseError) -> Void) { onFailure.withLock { $0 = handler } }

    /// Hears of each commit of a connection from now on, which must not commit any more when this is gone.
    func watch(_ db: Database) {
        sqlite3_wal_hook(
            db.sqliteConnection,
            { context, connection, _, frames in
                guard let context else { return SQLITE_OK }
                // Called on the connection's own queue, with no lock of SQLite's held.
                Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue()
                    .committed(connection, frames: Int(frames))
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Returns when nothing is written back any more.
    func close() {
        state.withLock { $0.isClosed = true }
        queue.sync {
            let connection = state.withLock { state in
                defer { state.connection = nil }
                return state.connection
            }
            try? connection?.close()
        }
    }

    private func committed(_ connection: OpaquePointer?, frames: Int) {
        switch step(frames) {
        case .none: return
        case .begin: queue.async { self.writeMost() }
        case .wait:
            queue.sync {}
            write(by: connection)
        case .finish: write(by: connection)
        }
    }

    private func step(_ frames: Int) -> Step {
        // A log that waits to be written back must not be what fills the disk.
        let isScant =
            frames >= limits.scant && frames < limits.enough && WriteHealth.free(beside: path) < Self.littleSpace
        return state.withLock { state in
            // It has begun anew.
            if frames < state.frames { (state.written, state.next) = (0, 0) }
            state.frames = frames
            guard isScant || frames >= max(limits.enough, state.next), !state.isClosed else { return .none }
            if state.isRunning { return isScant || frames >= limits.most ? .wait : .none }
            if isScant { return .finish }
            if state.written > 0, frames - state.written <= limits.few { return .finish }
            state.isRunning = true
            return .begin
        }
    }

    /// On the queue, by the other connection.
    private func writeMost() {
        defer { state.withLock { $0.isRunning = false } }
        do {
            let known = state.withLock { $0.connection }
            let connection = try known ?? DatabaseQueue(path: path, configuration: Self.configuration)
            state.withLock { $0.connection = connection }
            connection.inDatabase { db in write(by: db.sqliteConnection) }
        } catch {
            if let error = error as? DatabaseError { failed(error) }
        }
    }

    private static var configuration: Configuration {
        var configuration = Connection.configuration(label: "checkpoint")
        // It waits for nobody: whoever commits comes first.
        configuration.busyMode = .immediateError
        return configuration
    }

    private func write(by connection: OpaquePointer?) {
        var frames: Int32 = 0
        var written: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, &frames, &written)
        guard code == SQLITE_OK else {
            let code = ResultCode(rawValue: sqlite3_extended_errcode(connection))
            return failed(DatabaseError(resultCode: code))
        }
        state.withLock { state in
            state.written = Int(written)
            state.next = written < frames ? state.frames + limits.few : 0
        }
    }

    /// What is not in the file stays in the log: a full disk or a lock means that it is tried again.
    private func failed(_ error: DatabaseError) {
        state.withLock { $0.next = $0.frames + limits.few }
        guard error.resultCode == .SQLITE_IOERR, let handler = onFailure.withLock({ $0 }) else { return }
        handler(error)
    }
}
