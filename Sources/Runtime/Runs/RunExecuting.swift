import Agents

/// Does one attempt of a run: an agent's loop, or one call of a tool. It ends when its task is cancelled.
package protocol RunExecuting: Sendable {
    func execute(_ work: RunWork, recorder: any StepRecorder) async -> RunResult
}
