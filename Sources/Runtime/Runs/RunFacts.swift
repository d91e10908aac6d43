import Spec
import State
import Values

extension StateReader {
    /// The object that a run's templates see. A run without an event was asked for by hand, with its input as the
    /// payload.
    func facts(of run: Run, input: JSON?) throws(StateError) -> JSON {
        let agent = run.target.agent
        if let id = run.event, let event = try event(id) {
            return event.facts(scheduledAt: run.scheduledAt).object(trigger: run.trigger, agent: agent)
        }
        let facts = EventFacts(
            endpoint: .trigger(run.trigger ?? ""), name: ManualRuns.eventName, payload: input ?? .null,
            receivedAt: run.createdAt, scheduledAt: run.scheduledAt)
        return facts.object(trigger: run.trigger, agent: agent)
    }
}
