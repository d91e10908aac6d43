import Spec
import Values

/// One resource that goes on under another name.
struct Rename {
    let before: Resource
    let after: Resource
    /// How much of the two is the same, of 100; nil where the manifest says that it is a rename.
    let likeness: Int?

    var reason: String {
        guard let likeness else { return "\(before.id) before, as its renamedFrom says" }
        let same = likeness == 100 ? "the same but for its name" : "\(likeness) % the same"
        return "\(before.id) before, found by its content (\(same))"
    }
}

/// Which of the resources that are new are resources that are gone, under another name (DESIGN.md rule 8).
struct RenameSearch {
    private(set) var found: [Rename] = []
    /// Where it cannot be told: nothing may be applied until the manifest says it.
    private(set) var problems: [Diagnostic] = []
    /// Former names that nobody has, of what was found all the same.
    private(set) var warnings: [Diagnostic] = []
    /// Whom `problems` are about.
    private(set) var unclear: Set<ResourceID> = []

    /// Comparisons of one kind; with more, nobody is told a rename from a deletion.
    private static let limit = 1_000_000
    /// How much of two resources must be the same.
    static let threshold = 0.7
    /// How much nearer than the next one the nearest must be.
    private static let margin = 0.1

    /// - Parameters:
    ///   - created: declared, and not recorded
    ///   - deleted: recorded, and not declared
    ///   - bySimilarity: whether to look beyond what manifests say themselves
    init(created: [Resource], deleted: [Resource], bySimilarity: Bool = true) {
        guard !deleted.isEmpty else { return }
        var gone = Dictionary(deleted.map { ($0.id, $0) }) { first, _ in first }
        var open: [Resource] = []
        for resource in created {
            let former = resource.renamedFrom.map { ResourceID(kind: resource.id.kind, name: $0) }
            if let former, let before = gone.removeValue(forKey: former) {
                found.append(Rename(before: before, after: resource, likeness: nil))
            } else {
                // A former name that nobody had tells nothing: it may be from long ago, or a slip.
                open.append(resource)
            }
        }
        guard bySimilarity else { return }
        defer { refuseUnknownNames(in: open, gone: gone.values) }
        let new = Dictionary(grouping: open, by: \.id.kind)
        let old = Dictionary(grouping: deleted.filter { gone[$0.id] != nil }, by: \.id.kind)
        for kind in new.keys.sorted() {
            guard let new = new[kind], let old = old[kind] else { continue }
            match(new, old)
        }
        warnings = found.compactMap(Self.slip).sorted()
    }

    /// Equal content first, then what is near enough and nearer than anything else.
    private mutating func match(_ new: [Resource], _ old: [Resource]) {
        var contents = ResourceContents()
        var new = new.map { Candidate(resource: $0, content: contents.add($0)) }
        var old = old.map { Candidate(resource: $0, content: contents.add($0)) }
        let newByContent = Dictionary(grouping: new.filter(\.isTelling), by: \.content)
        let oldByContent = Dictionary(grouping: old.filter(\.isTelling), by: \.content)
        var settled: Set<ResourceID> = []
        for candidate in new {
            guard newByContent[candidate.content]?.count == 1, let equals = oldByContent[candidate.content],
                equals.count == 1, let before = equals.first
            else { continue }
            found.append(Rename(before: before.resource, after: candidate.resource, likeness: 100))
            settled.formUnion([candidate.resource.id, before.resource.id])
        }
        new.removeAll { settled.contains($0.resource.id) }
        old.removeAll { settled.contains($0.resource.id) }
        guard let first = new.first, !old.isEmpty else { return }
        guard new.count <= Self.limit / old.count else {
            problems.append(Self.tooMany(first.resource, new.count, old.count))
            unclear.formUnion(new.map(\.resource.id))
            return
        }
        compare(new, old, contents)
    }

    /// A former name that nobody had, beside resources of the kind that are gone and were not found again: a slip, or the
    /// last of several renames that come at once.
    private mutating func refuseUnknownNames(in created: [Resource], gone: some Collection<Resource>) {
        let settled = Set(found.flatMap { [$0.before.id, $0.after.id] })
        for resource in created where !settled.contains(resource.id) {
            guard let name = resource.renamedFrom else { continue }
            let others = gone.filter { $0.id.kind == resource.id.kind && !settled.contains($0.id) }
                .sorted { $0.id < $1.id }
            let candidates = Self.nearest(others, to: resource.place).map(\.id)
            guard let first = candidates.first else { continue }
            let near = nearestName(to: name, among: candidates.map(\.name)) ?? first.name
            let some = candidates.prefix(3).map(\.description).joined(separator: ", ")
            unclear.insert(resource.id)
            let more = candidates.count > 3 ? " and \(candidates.count - 3) more" : ""
            problems.append(
                Diagnostic(
                    .error, .renameAmbiguous,
                    "\(resource.id) is to be the former \(resource.id.kind)/\(name), which is not in force, and \(some)\(more)"
                        + " would be deleted",
                    at: resource.place(of: JSONPointer(["metadata", "renamedFrom"])),
                    fix: "did you mean `renamedFrom: \(near)`? If it is another resource, remove the line"))
        }
    }

    /// A line from an earlier rename, or a slip: what the manifest says is not what is done.
    private static func slip(_ rename: Rename) -> Diagnostic? {
        guard rename.likeness != nil, let name = rename.after.renamedFrom else { return nil }
        let (before, after) = (rename.before.id, rename.after.id)
        return Diagnostic(
            .warning, .unknownFormerName,
            "\(after) is to be the former \(after.kind)/\(name), which is not in force, and goes on from \(before), found by"
                + " its content",
            at: rename.after.place(of: JSONPointer(["metadata", "renamedFrom"])),
            fix: "write `renamedFrom: \(before.name)`, or remove the line")
    }

    private mutating func compare(_ new: [Candidate], _ old: [Candidate], _ contents: ResourceContents) {
        var pairs: [Pair] = []
        for (one, after) in new.enumerated() {
            for (other, before) in old.enumerated() {
                let likeness = contents.likeness(after.content, before.content)
                if likeness >= Self.threshold { pairs.append(Pair(new: one, old: other, likeness: likeness)) }
            }
        }
        pairs.sort { ($1.likeness, $0.new, $0.old) < ($0.likeness, $1.new, $1.old) }
        while let pair = pairs.first {
            let rivals = pairs.dropFirst().filter {
                ($0.new == pair.new || $0.old == pair.old) && $0.likeness > pair.likeness - Self.margin
            }
            guard rivals.isEmpty else {
                let former = pairs.filter { $0.new == pair.new }.map { old[$0.old].resource }
                problems.append(Self.problem(new[pair.new].resource, former))
                unclear.insert(new[pair.new].resource.id)
                pairs.removeAll { $0.new == pair.new }
                continue
            }
            found.append(
                Rename(
                    before: old[pair.old].resource, after: new[pair.new].resource,
                    likeness: min(99, Int(pair.likeness * 100))))
            pairs.removeAll { $0.new == pair.new || $0.old == pair.old }
        }
    }

    private static func tooMany(_ first: Resource, _ new: Int, _ old: Int) -> Diagnostic {
        Diagnostic(
            .error, .renameAmbiguous,
            "\(new) new and \(old) former resources of kind \(first.id.kind) are too many to tell which of them go on"
                + " under another name",
            at: first.place(of: JSONPointer(["metadata", "name"])),
            fix: "delete in one commit and create in the next, or add `renamedFrom` to those that go on")
    }

    private static func problem(_ resource: Resource, _ candidates: [Resource]) -> Diagnostic {
        let former = nearest(candidates, to: resource.place).map(\.id)
        let some = former.prefix(3).map(\.description).joined(separator: " or ")
        let which = former.count == 1 ? "\(some), which is much like another new \(resource.id.kind) too" : some
        return Diagnostic(
            .error, .renameAmbiguous, "\(resource.id) may be the former \(which)",
            at: resource.place(of: JSONPointer(["metadata", "name"])),
            fix: "add `renamedFrom: \(former.first?.name ?? "")` to the metadata of the one that it became;"
                + " if none of them goes on, delete in one commit and create in the next")
    }

    /// Those that stood where the resource stands now come first.
    private static func nearest(_ candidates: [Resource], to place: Place) -> [Resource] {
        func distance(_ other: Place) -> Int {
            other.path == place.path ? abs(other.mark.line - place.mark.line) : Int.max
        }
        return candidates.enumerated()
            .sorted { (distance($0.element.place), $0.offset) < (distance($1.element.place), $1.offset) }
            .map(\.element)
    }

    private struct Candidate {
        let resource: Resource
        let content: ResourceContents.Content

        /// Two resources that say next to nothing are no more the same than others.
        var isTelling: Bool { content.features.count >= ResourceContents.leastAlone }
    }

    private struct Pair {
        let new: Int
        let old: Int
        let likeness: Double
    }
}
