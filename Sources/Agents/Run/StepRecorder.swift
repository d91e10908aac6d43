import State

/// Where the steps of a run are written down. The run does not go on before that is done, and ends when it fails.
package protocol StepRecorder: Sendable {
    /// Called for each step when it ended, and for a tool with side effects also before it is called. A step is known
    /// by its number.
    func record(_ step: Step) async throws
}
