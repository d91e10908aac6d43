import GRDB
import Logging
import Synchronization
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The one writer of a state (DESIGN.md rule 12).
///
/// Each call is one transaction and returns when it is on the disk, without suspending: a task that is cancelled while
/// its work ends still records that it did.
package final class StateStore: Sendable {
    package let reader: StateReader
    let identifiers: IdentifierGenerator
    private let pool: DatabasePool
    private let signal = ChangeSignal()
    private let phase = Mutex(Phase.open)
    private let lock: StateLock
    private let gate = ReadGate()
    private let health: WriteHealth
    private let reserve: DiskReserve
    private let onDiskFailure = Mutex<(@Sendable (StateError) -> Void)?>(nil)
    private let epoch = Epoch()
    private let checkpointer: Checkpointer

    private enum Phase {
        case open
        /// Since the first error of the disk.
        case broken
        case closed
    }

    /// Takes the lock, makes the state if there is none, and brings it to this version's schema.
    ///
    /// - Parameters:
    ///   - command: what others are told who holds the lock, as in `writ serve`
    ///   - identifiers: makes the ids of events, runs and deliveries
    package static func open(
        at path: String, command: String, now: Instant, identifiers: IdentifierGenerator, logger: Logger? = nil
    ) throws(StateError) -> StateStore {
        try StateTurn(at: path, command: command, now: now).open(identifiers: identifiers, logger: logger)
    }

    init(path: String, lock: StateLock, identifiers: IdentifierGenerator) throws(StateError) {
        let checkpointer = Checkpointer(path: path)
        self.checkpointer = checkpointer
        do {
            pool = try DatabasePool(path: path, configuration: Connection.configuration(label: "store"))
            let size = FileFacts(path)?.size ?? 0
            try pool.writeWithoutTransaction { db in
                try Migrations.check(db)
                try Connection.makeDurable(db)
                try LeftLog.writeAgain(ofStateAt: path, db)
                try Connection.checkIntegrity(db, fileSize: size)
                try Migrations.run(on: db)
                checkpointer.watch(db)
            }
        } catch {
            lock.release()
            throw StateError(error, while: "opening the state \(path)")
        }
        self.lock = lock
        self.identifiers = identifiers
        reserve = DiskReserve(ofStateAt: path)
        health = WriteHealth(path: path, reserve: reserve)
        self.reader = StateReader(path: path, database: pool, lock: lock, gate: gate, health: health, epoch: epoch)
        checkpointer.onFailure { [weak self] error in
            guard let self else { return }
            let error = StateError(error, while: "writing the log back")
            self.health.failed(error)
            if error.code == .io { self.breakOff(error) }
        }
    }

    /// Calls `handler` at the first error of the disk, before anybody hears of the transaction that met it: whoever
    /// serves should end then, as what is in memory is no longer what is on the disk (fault D75).
    package func onDiskFailure(_ handler: @escaping @Sendable (StateError) -> Void) {
        onDiskFailure.withLock { $0 = handler }
    }

    /// Closes the file and gives the lock back; nothing works afterwards. The log is written back unless another reader
    /// has it open, and a large one then too: a copy of the state is made of both files.
    package func close() throws(StateError) {
        let isSound = phase.withLock { phase in
            defer { phase = .closed }
            return phase == .open
        }
        signal.finish()
        gate.close()
        reserve.remove()
        checkpointer.close()
        if isSound, reader.sizes.log > Connection.smallLog { Connection.emptyLog(of: pool) }
        do {
            try pool.close()
        } catch {
            throw StateError(error, while: "closing the state \(reader.path)")
        }
        lock.release()
    }

    /// Yields after each transaction that changed something; several may become one. Ends with `close()`.
    package func changes() -> AsyncStream<Void> { signal.stream() }

    /// As after a transaction that was not silent.
    func wakeListeners() { signal.send() }

    /// Runs `body` in one transaction: all of it or, if it throws, nothing.
    ///
    /// - Parameters:
    ///   - silently: whether nobody who waits for changes has to look because of it
    ///   - isWork: whether it is about events, runs and deliveries alone, and nothing that is in force
    ///   - isUrgent: whether it is small and may use what was reserved for a full disk (fault D76)
    func write<Value>(
        _ purpose: String, silently: Bool = false, isWork: Bool = false, isUrgent: Bool = false,
        _ body: (Database) throws -> Value
    ) throws(StateError) -> Value {
        while true {
            do {
                return try attempt(purpose, silently: silently, isWork: isWork, isUrgent: isUrgent, body)
            } catch {
                // What is held for a full disk is held for this: once more, in the space that was given up.
                let isFreed = health.failed(error)
                if error.code == .io { breakOff(error) }
                guard isFreed, isUrgent else { throw error }
            }
        }
    }

    private func attempt<Value>(
        _ purpose: String, silently: Bool, isWork: Bool, isUrgent: Bool, _ body: (Database) throws -> Value
    ) throws(StateError) -> Value {
        do {
            if !isUrgent, reserve.isGiven {
                throw StateError(.full, "\(purpose) has to wait because the disk is full: free some space")
            }
            let (value, isChange) = try pool.writeWithoutTransaction { db in
                try self.check()
                let before = db.totalChangesCount
                var value: Value?
                // IMMEDIATE, because a transaction that begins by reading cannot wait for its turn (fault D78).
                try db.inTransaction(.immediate) {
                    value = try body(db)
                    return .commit
                }
                return (value, db.totalChangesCount != before)
            }
            if isChange { health.succeeded() }
            if isChange, !isWork { epoch.advance() }
            if isChange, !silently { signal.send() }
            guard let value else { preconditionFailure("a transaction ended without its value: a bug in writ") }
            return value
        } catch {
            throw StateError(error, while: purpose)
        }
    }

    /// Holds 16 MiB beside the state for when the disk is full, from now on or again after they were given up. To be
    /// asked now and then by who serves.
    ///
    /// - Returns: whether they are held now; until then, once they were given up, nothing new is taken
    package func holdReserve() -> Bool {
        let wasGiven = reserve.isGiven
        let isHeld = reserve.make()
        if wasGiven, isHeld { health.succeeded() }
        return isHeld
    }

    /// Says once more who holds the lock, where a full disk had no room for that.
    package func signLock() { lock.sign() }

    /// Gives up what is held for a full disk, as writes do that find it full.
    package func giveReserve() { reserve.give() }

    /// Whether the disk is full as far as is known: what was reserved for that is in use, or there was no room for it.
    package var isOutOfSpace: Bool { health.isFull }

    private func breakOff(_ error: StateError) {
        let isFirst = phase.withLock { phase in
            defer { if phase == .open { phase = .broken } }
            return phase == .open
        }
        if isFirst, let handler = onDiskFailure.withLock({ $0 }) { handler(error) }
    }

    /// To be asked on the connection's own queue, where nothing closes it meanwhile.
    private func check() throws(StateError) {
        switch phase.withLock({ $0 }) {
        case .open: return
        case .broken: throw StateError(.io, "the disk failed earlier, and the state takes no more: start writ again")
        case .closed: throw StateError(.closed, "the state \(reader.path) is closed: this is a bug in writ")
        }
    }
}

extension StateStore {
    /// A setting of the writing connection, for `writ doctor`: what SQLite was told is not always what it does.
    package func setting(_ name: String) throws(StateError) -> Int? {
        guard name.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) })
        else { throw StateError(.notFound, "SQLite has no setting of this name") }
        do {
            return try pool.writeWithoutTransaction { db in
                try self.check()
                return try Int.fetchOne(db, sql: "PRAGMA \(name)")
            }
        } catch {
            throw StateError(error, while: "reading a setting of SQLite's")
        }
    }
}
