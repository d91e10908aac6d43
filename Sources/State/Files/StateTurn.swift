import Logging
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The right to write a state (DESIGN.md rule 12), before anything is opened for writing: who finds that there is nothing
/// to write gives it back.
package struct StateTurn: Sendable {
    private let file: StateFile
    private let lock: StateLock

    /// Throws `locked`, with its holder, where somebody else writes.
    ///
    /// - Parameter command: what others are told who holds the lock, as in `writ serve`
    package init(at path: String, command: String, now: Instant) throws(StateError) {
        file = try StateFile(path: path)
        // Before anything is made: what is wrong with the file is wrong whoever holds the lock.
        _ = try file.exists()
        try file.makeDirectory()
        try file.checkWritable()
        lock = try StateLock(
            ofStateAt: path, holder: LockHolder(pid: Int(getpid()), command: command, startedAt: now))
    }

    /// Makes the state if there is none, and brings it to this version's schema. From then on the lock is the store's,
    /// which gives it back when it is closed.
    package func open(
        identifiers: IdentifierGenerator, logger: Logger? = nil
    ) throws(StateError) -> StateStore {
        do {
            if try !file.exists() { try file.create() }
        } catch {
            end()
            throw error
        }
        if FileFacts(file.path)?.isOpenToOthers == true {
            logger?.warning("other users can read the state: chmod 600 it", metadata: ["path": "\(file.path)"])
        }
        return try StateStore(path: file.path, lock: lock, identifiers: identifiers)
    }

    /// Gives the lock back, where no store was opened or that was closed.
    package func end() { lock.release() }
}
