import Spec
import State
import Values

/// One attempt of a run, with all that it is made of.
package struct RunWork: Sendable {
    /// Of the run; `nil` for what is only tried out.
    package let id: String?
    /// `nil` for a run by hand of an agent or a tool.
    package let trigger: String?
    package let target: RunTarget
    /// What the run was given by hand or when it was queued; `nil` to make it of the event.
    package let input: JSON?
    /// The object that templates are rendered over: `EventFacts.object(trigger:agent:)`.
    package let facts: JSON
    /// Of the revision that the run began with.
    package let catalog: Catalog
    /// What the trigger says, in that revision.
    package let triggerSpec: Trigger?

    /// - Parameter triggerSpec: where it is not in the catalog
    package init(
        id: String? = nil, trigger: String?, target: RunTarget, input: JSON?, facts: JSON, catalog: Catalog,
        triggerSpec: Trigger? = nil
    ) {
        self.id = id
        self.trigger = trigger
        self.target = target
        self.input = input
        self.facts = facts
        self.catalog = catalog
        self.triggerSpec = triggerSpec ?? trigger.flatMap { catalog.spec(Trigger.self, named: $0) }
    }

    package init(_ run: Run, input: JSON?, facts: JSON, catalog: Catalog, triggerSpec: Trigger?) {
        self.init(
            id: run.id, trigger: run.trigger, target: run.target, input: input, facts: facts, catalog: catalog,
            triggerSpec: triggerSpec)
    }
}
