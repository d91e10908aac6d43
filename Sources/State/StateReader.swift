import GRDB

/// Reads a state. Never blocks its writer and is never blocked by it; each call sees one moment of the state.
///
/// Calls take milliseconds and return when they are done, without suspending: a cancelled task reads like any other.
package struct StateReader: Sendable {
    package let path: String
    let database: any DatabaseReader
    /// A store's readers keep its lock, because its connection lives as long as they do.
    private let lock: StateLock?
    /// Of the store whose connections these are; who opens its own closes it never.
    private let gate: ReadGate?
    /// Of the store whose connections these are.
    let health: WriteHealth?
    /// The same; `nil` where somebody else may write.
    package let epoch: Epoch?

    init(
        path: String, database: any DatabaseReader, lock: StateLock?, gate: ReadGate? = nil,
        health: WriteHealth? = nil, epoch: Epoch? = nil
    ) {
        self.path = path
        self.database = database
        self.lock = lock
        self.gate = gate
        self.health = health
        self.epoch = epoch
    }

    /// Who writes the state at `path` at this moment, if anybody does.
    package static func writer(ofStateAt path: String) -> LockHolder? { StateLock.holder(ofStateAt: path) }

    /// Opens the state at `path` for reading, whether or not somebody writes it; `nil` if there is none yet.
    package static func open(at path: String) throws(StateError) -> StateReader? {
        let file = try StateFile(path: path)
        guard try file.exists() else { return nil }
        let reader: StateReader
        do {
            // One connection: who opens a state to read it asks one thing after the other.
            let queue = try DatabaseQueue(
                path: path, configuration: Connection.configuration(label: "reader", readonly: true))
            reader = StateReader(path: path, database: queue, lock: nil)
            try queue.read { db in
                try Migrations.check(db)
                guard try Migrations.userVersion(db) == Migrations.version else {
                    throw StateError(
                        .olderSchema,
                        "the state \(path) was written by an older version of writ:"
                            + " the next `writ apply` or `writ serve` brings it up to date")
                }
            }
        } catch {
            throw StateError(error, while: "opening the state \(path)")
        }
        return reader
    }

    /// Bytes of the file and of its log, for metrics: a log that grows has a reader that does not end (fault D79).
    package var sizes: (file: Int64, log: Int64) {
        (FileFacts(path)?.size ?? 0, FileFacts(path + "-wal")?.size ?? 0)
    }

    /// Bytes of the file that hold nothing: used again before it grows.
    package func freeBytes() throws(StateError) -> Int64 {
        try read("looking at the free pages") { db in
            let pages: Int64 = try db.value("PRAGMA freelist_count") ?? 0
            return pages * (try db.value("PRAGMA page_size") ?? 4_096)
        }
    }

    /// How long one read may take: far longer than any should, and far shorter than the log of the state needs to grow
    /// (fault D79).
    static let patience = Duration.seconds(60)

    /// Runs `body` on one moment of the state.
    ///
    /// Throws `tooSlow` where it takes longer than `limit`.
    func read<Value>(
        _ purpose: String, within limit: Duration = patience, _ body: (Database) throws -> Value
    ) throws(StateError) -> Value {
        do {
            guard let gate else { return try database.read { try ReadDeadline.run($0, within: limit, body) } }
            return try gate.pass(path) { try database.read { try ReadDeadline.run($0, within: limit, body) } }
        } catch {
            throw StateError(error, while: purpose)
        }
    }
}
