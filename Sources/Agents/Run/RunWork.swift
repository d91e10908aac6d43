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
    /// For providers of the catalog, by name: what their calls are counted by, beside those of other revisions. Without
    /// it that is the name.
    package let providers: [String: String]

    /// - Parameter triggerSpec: where it is not in the catalog
    package init(
        id: String? = nil, trigger: String?, target: RunTarget, input: JSON?, facts: JSON, catalog: Catalog,
        triggerSpec: Trigger? = nil, providers: [String: String] = [:]
    ) {
        self.id = id
        self.trigger = trigger
        self.target = target
        self.input = input
        self.facts = facts
        self.catalog = catalog
        self.triggerSpec = triggerSpec ?? trigger.flatMap { catalog.spec(Trigger.self, named: $0) }
        self.providers = providers
    }

    package init(
        _ run: Run, input: JSON?, facts: JSON, catalog: Catalog, triggerSpec: Trigger?, providers: [String: String]
    ) {
        self.init(
            id: run.id, trigger: run.trigger, target: run.target, input: input, facts: facts, catalog: catalog,
            triggerSpec: triggerSpec, providers: providers)
    }
}
