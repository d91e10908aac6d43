import Spec
import Values

/// Whom one edit reaches.
package struct BlastRadius: Sendable, Hashable {
    package enum Source: Sendable, Hashable {
        /// An included file.
        case file(FileEdit)
        case resource(ResourceID)
    }

    package let source: Source
    package let agents: Listing
    package let schedules: Listing
    package let webhooks: Listing
    package let reactions: Listing
    /// The edit of a file that several changed resources include, once for all of them.
    package let difference: [String]

    /// The kinds that others work with.
    private static let shared: Set<KindName> = [.prompt, .tool, .provider, .channel]

    /// Of every included file whose text changes, and every shared resource whose spec does.
    static func all(of changes: [PlannedChange], _ graph: UseGraph) -> [BlastRadius] {
        var files: [FileEdit: (users: Set<ResourceID>, difference: [String])] = [:]
        var resources: [ResourceID] = []
        for change in changes {
            guard let before = change.before, let after = change.after else { continue }
            for (edit, texts) in Inclusion.edits(from: before, to: after) {
                if files[edit] == nil {
                    files[edit] = ([], difference(from: texts.before, to: texts.after))
                }
                files[edit]?.users.insert(after.id)
            }
            if shared.contains(after.id.kind), before.manifest["spec"] != after.manifest["spec"] {
                resources.append(after.id)
            }
        }
        let ofFiles = files.sorted { $0.key < $1.key }.map { edit, file in
            BlastRadius(
                .file(edit), graph.users(of: file.users), graph,
                difference: file.users.count > 1 ? file.difference : [])
        }
        let ofResources = resources.sorted().map { BlastRadius(.resource($0), graph.users(of: [$0]), graph) }
        return (ofFiles + ofResources).filter { !$0.isEmpty }
    }

    private static let lineLimit = 1_000

    private static func difference(from before: String, to after: String) -> [String] {
        let lines = UnifiedDiff.lines(from: before, to: after) ?? ["-\(before)", "+\(after)"]
        return UnifiedDiff.shortened(lines, limit: lineLimit)
    }

    private init(_ source: Source, _ users: UseGraph.Users, _ graph: UseGraph, difference: [String] = []) {
        func triggers(_ sort: TriggerOutline.Sort) -> Listing {
            Listing(users.triggers.filter { graph.sorts[$0] == sort })
        }
        self.source = source
        agents = Listing(users.agents)
        schedules = triggers(.schedule)
        webhooks = triggers(.webhook)
        reactions = triggers(.reaction)
        self.difference = difference
    }

    private var isEmpty: Bool { agents.isEmpty && schedules.isEmpty && webhooks.isEmpty && reactions.isEmpty }

    package var name: String {
        switch source {
        case .file(let edit): edit.former == edit.path ? edit.path : "\(edit.former) -> \(edit.path)"
        case .resource(let id): id.description
        }
    }

    var json: JSON {
        var object: JSONMembers = ["agents": agents.json, "schedules": schedules.json, "webhooks": webhooks.json]
        switch source {
        case .file(let edit):
            object["file"] = .string(edit.path)
            if edit.former != edit.path { object["formerFile"] = .string(edit.former) }
        case .resource(let id):
            object["kind"] = .string(id.kind.rawValue)
            object["name"] = .string(id.name)
        }
        if !reactions.isEmpty { object["reactions"] = reactions.json }
        return .object(object)
    }

    var lines: [String] {
        let parts = [
            agents.text("agent", "agents"), schedules.text("schedule", "schedules"),
            webhooks.text("webhook", "webhooks"), reactions.text("reaction", "reactions"),
        ].compactMap(\.self)
        return ["\(name) reaches \(parts.joined(separator: ", "))"] + difference.map { "    \($0)" }
    }
}
