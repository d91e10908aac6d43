import Spec
import State
import Values

extension StateReader {
    /// The object that a run's templates see. A run without an event is a missed instant that somebody retried, which sees
    /// what it would have seen in its time, or was asked for by hand, with its input as the payload.
    func facts(of run: Run, input: JSON?) throws(StateError) -> JSON {
        let agent = run.target.agent
        if let id = run.event, let event = try event(id) {
            return event.facts(scheduledAt: run.scheduledAt).object(trigger: run.trigger, agent: agent)
        }
        if let instant = run.scheduledAt {
            return ScheduleEvent.facts(of: run.trigger ?? "", at: instant, receivedAt: run.createdAt)
                .object(trigger: run.trigger, agent: agent)
        }
        let facts = EventFacts(
            endpoint: .trigger(run.trigger ?? ""), name: ManualRuns.eventName, payload: input ?? .null,
            receivedAt: run.createdAt)
        return facts.object(trigger: run.trigger, agent: agent)
    }
}
