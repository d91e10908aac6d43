import Apply
import Spec
import State
import Values

/// Everything that there is to say about one applied resource.
package struct ResourceDescription: Sendable {
    /// Where another resource is named.
    package struct Use: Sendable, Hashable {
        package let resource: ResourceID
        /// JSON pointer into the manifest that names it.
        package let pointer: JSONPointer
    }

    package let resource: AppliedResource
    package let status: ResourceStatus
    /// The revision that gave it its content.
    package let since: Revision?
    package let formerNames: [String]
    package let uses: [Use]
    package let usedBy: [Use]
    package let nextFires: [FireTime]
    package let runs: [Run]
    package let names: CurrentNames
    package let changes: [RevisionChange]
    /// What its webhook could not bring, newest first.
    package let gaps: [MissedDelivery]

    /// Of a channel.
    package let undelivered: UndeliveredMessages?

    private static let shown = 10
    private static let fires = 5

    package init(_ resource: AppliedResource, _ reader: StateReader, zones: ZoneDatabase, now: Instant)
        throws(StateError)
    {
        let statuses = try ResourceStatusReader(reader, zones: zones, now: now)
        let id = resource.id
        self.resource = resource
        status = try statuses.status(of: resource)
        since = try reader.revision(resource.sinceRevision)
        formerNames = try reader.formerNames(of: id)
        uses = Resource(resource).references.map { Use(resource: $0.target, pointer: $0.pointer) }
        usedBy = try reader.appliedState().resources.flatMap { other in
            Resource(other).references.filter { $0.target == id }.map { Use(resource: other.id, pointer: $0.pointer) }
        }
        nextFires = statuses.nextFires(Self.fires, of: resource)
        let filter: RunFilter? =
            switch id.kind {
            case .agent: RunFilter(agent: id.name)
            case .tool: RunFilter(tool: id.name)
            case .trigger: RunFilter(trigger: id.name)
            default: nil
            }
        if let filter { runs = try reader.runs(Page(limit: Self.shown), filter).items } else { runs = [] }
        names = try reader.currentNames()
        changes = try reader.completed(try reader.changes(of: id, Page(limit: Self.shown)).items)
        undelivered = id.kind == .channel ? try reader.undeliveredMessages(of: id.name, at: now) : nil
        gaps = try reader.lostDeliveries(of: id, limit: Self.shown)
    }
}

extension Shapes {
    /// The resource as lists have it, and what is around it.
    package static func description(_ description: ResourceDescription) -> JSON {
        var object = JSONObject(resource(description.resource, description.status).object ?? [:])
        object.set("formatVersion", formatVersion)
        object.set("since", description.since.map { revision($0) })
        if !description.formerNames.isEmpty {
            object.set("formerNames", .array(description.formerNames.map(JSON.string)))
        }
        object.set("uses", .array(description.uses.map(use)))
        object.set("usedBy", .array(description.usedBy.map(use)))
        object.set(
            "nextFires",
            .array(
                description.nextFires.map {
                    ["at": .string($0.instant.rfc3339), "local": .string($0.instant.rfc3339(in: $0.zone))]
                }))
        object.set("recentRuns", .array(description.runs.map { run($0, description.names) }))
        object.set("recentChanges", .array(description.changes.map(change)))
        if !description.gaps.isEmpty { object.set("gaps", .array(description.gaps.map(\.json))) }
        if let undelivered = description.undelivered {
            var failures = JSONObject()
            undelivered.write(to: &failures)
            object.set("undelivered", failures.json)
        }
        return object.json
    }

    private static func use(_ use: ResourceDescription.Use) -> JSON {
        [
            "kind": .string(use.resource.kind.rawValue), "name": .string(use.resource.name),
            "path": .string(use.pointer.text),
        ]
    }
}
