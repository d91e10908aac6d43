import Agents

/// Does one attempt of a run: an agent's loop, or one call of a tool. It ends when its task is cancelled.
package protocol RunExecuting: Sendable {
    func execute(_ work: RunWork, recorder: any StepRecorder) async -> RunResult

    /// Whether calls of a provider wait for one another: a further run would only wait with them.
    ///
    /// - Parameter provider: see `RunWork.providers`
    func isSaturated(provider: String) -> Bool
}

extension RunExecuting {
    package func isSaturated(provider: String) -> Bool { false }
}
