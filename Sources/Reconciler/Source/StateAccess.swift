import Apply
import Logging
import State
import Values

/// Opening the state for a command.
enum StateAccess {
    /// For commands that need a state to look at.
    static func reader(at path: String) throws -> StateReader {
        guard let reader = try StateReader.open(at: path) else {
            throw CommandFailure("nothing was applied yet (no state at \(path)): run `writ apply` first")
        }
        return reader
    }

    /// The same for commands that change it: what an older version of writ wrote is brought up to date first.
    static func reader(at path: String, toChangeBy command: String) throws -> StateReader {
        _ = try readerIfThere(at: path, toChangeBy: command)
        return try reader(at: path)
    }

    /// `nil` where nothing was applied yet.
    static func readerIfThere(at path: String, toChangeBy command: String) throws -> StateReader? {
        do {
            return try StateReader.open(at: path)
        } catch {
            guard error.code == .olderSchema else { throw error }
            try store(at: path, command: command).close()
            return try StateReader.open(at: path)
        }
    }

    static func store(at path: String, command: String) throws -> StateStore {
        try open(turn(at: path, command: command))
    }

    /// The right to write the state, for commands that may find that there is nothing to write.
    static func turn(at path: String, command: String) throws -> StateTurn {
        try StateTurn(at: path, command: command, now: SystemTime.now())
    }

    static func open(_ turn: StateTurn) throws -> StateStore {
        try turn.open(identifiers: IdentifierGenerator.system, logger: Logger(label: "writ.state"))
    }
}
