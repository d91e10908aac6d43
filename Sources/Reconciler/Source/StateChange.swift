import Server
import State
import Values

/// A change of the state that an operator asks for: done here, or by the `writ serve` that holds it (DESIGN.md rule 12).
enum StateChange {
    /// - Parameters:
    ///   - here: does it in this process
    ///   - there: asks who holds the state
    static func perform<Result>(
        at path: String, command: String, here: (StateStore) throws -> Result,
        there: (ControlClient) async throws -> Result
    ) async throws -> Result {
        let store: StateStore
        do {
            store = try StateAccess.store(at: path, command: command)
        } catch {
            guard case .locked? = (error as? StateError)?.code else { throw error }
            return try await there(ControlClient(ControlSocket(besideStateAt: path)))
        }
        defer { try? store.close() }
        return try here(store)
    }
}
