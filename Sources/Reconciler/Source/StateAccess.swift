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

    static func store(at path: String, command: String) throws -> StateStore {
        try StateStore.open(
            at: path, command: command, now: SystemTime.now(), identifiers: IdentifierGenerator.system,
            logger: Logger(label: "writ.state"))
    }
}
