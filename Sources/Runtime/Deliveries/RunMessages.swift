import Logging
import Spec
import State
import Values

/// Makes the messages about a run that is over, whoever ended it: its worker, a shutdown, or the search for orphans.
struct RunMessages: Sendable {
    let reader: StateReader
    let catalogs: AppliedCatalog
    let clock: any RuntimeClock
    let logger: Logger

    /// To each channel that the run's trigger names, in the revision that the run began with.
    func deliveries(about run: Run) throws(StateError) -> [NewDelivery] {
        guard let name = run.trigger, let revision = try catalogs.at(run.revision),
            let trigger = try revision.trigger(named: name), !trigger.deliver.isEmpty
        else { return [] }
        let facts = try reader.facts(of: run, input: try reader.input(of: run.id))
        return DeliveryMessage(run: run, facts: facts, at: clock.now())
            .deliveries(to: trigger.deliver, in: revision.catalog, logger)
    }
}
