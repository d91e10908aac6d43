import Spec
import State
import Values

/// A recorded resource that was altered behind Writ's back: its manifest is not what its digest says, or the place of its
/// schedule is not the place of that (fault C67). The settings of the repository are one more.
package struct Drift: Sendable {
    package enum Outcome: String, Sendable, Hashable {
        /// Applying puts back what the commit says, which is what was applied.
        case restored
        /// The plan changes or deletes it anyway.
        case replaced
        /// The commit does not say what was applied: there is nothing to put it back to.
        case unknown
    }

    package let id: ResourceID
    /// Of the settings the file alone.
    package let place: Place
    package let outcome: Outcome
    /// From what is recorded to what is put back.
    package let fields: [FieldChange]
    /// Nil of the settings.
    let digest: Digest?
    let declared: Resource?
    /// Whose place alone is not its own.
    let schedule: MisplacedSchedule?
    /// The plan deletes it.
    private let isDeleted: Bool

    /// By which the settings of the repository are told.
    package static let settingsID = ResourceID(kind: KindName(rawValue: "Settings"), name: Settings.fileName)

    private static let fieldsShown = 5

    /// - Parameters:
    ///   - altered: as it is recorded
    ///   - declared: all that the commit declares
    static func find(
        _ altered: [AppliedResource], in declared: Catalog, _ changes: [PlannedChange], moved: [PlannedMove]
    ) -> [Drift] {
        let changed = Set(changes.compactMap(\.before?.id) + moved.compactMap(\.content?.id))
        let deleted = Set(changes.filter { $0.action == .delete }.map(\.id))
        return altered.map { resource in
            let same = declared[resource.id].flatMap { $0.digest == resource.digest ? $0 : nil }
            let outcome: Outcome =
                changed.contains(resource.id) ? .replaced : same == nil ? .unknown : .restored
            return Drift(
                id: resource.id, place: resource.place, outcome: outcome,
                fields: same.map {
                    FieldDifference.between(resource.manifest, $0.manifest, of: resource.id.kind)
                } ?? [], digest: resource.digest, declared: outcome == .restored ? same : nil,
                schedule: nil, isDeleted: deleted.contains(resource.id))
        }
    }

    /// - Parameter directory: of the manifests
    static func find(_ settings: AlteredSettings, below directory: String) -> Drift {
        let path = Settings.path(below: directory)
        return Drift(
            id: settingsID,
            place: Place(path: path, mark: Mark(line: 1, column: 1)),
            outcome: settings.known == nil ? .unknown : .restored,
            fields: settings.known.map {
                FieldDifference.between(settings.recorded ?? [:], $0, along: Settings.schema.shape)
            } ?? [], digest: nil, declared: nil, schedule: nil, isDeleted: false)
    }

    static func find(_ schedules: [MisplacedSchedule]) -> [Drift] {
        schedules.map { schedule in
            Drift(
                id: schedule.trigger.id, place: schedule.trigger.place, outcome: .restored, fields: [],
                digest: schedule.trigger.digest, declared: nil, schedule: schedule, isDeleted: false)
        }
    }

    /// `Agent/brief, which stands at agents/brief.yaml:1:1: spec.suspend true -> (default); applying restores it`
    var line: String {
        if let schedule { return "\(id), which stands at \(place): \(schedule.reason)" }
        let more = fields.count > Self.fieldsShown ? " and \(fields.count - Self.fieldsShown) more" : ""
        let shown = fields.prefix(Self.fieldsShown).map { field in
            guard !field.isSensitive else { return "\(field.label) (sensitive)" }
            let excerpt = Excerpt(Self.text(field.before), Self.text(field.after), limit: 80)
            return "\(field.label) \(excerpt.before) -> \(excerpt.after)"
        }
        let what = shown.isEmpty ? "" : ": \(shown.joined(separator: ", "))\(more)"
        let then =
            switch outcome {
            case .restored: "applying restores it"
            case .replaced: isDeleted ? "this plan deletes it" : "this plan replaces it"
            case .unknown where digest == nil: "nothing tells any more what they were: applying a commit sets them anew"
            case .unknown: "this commit does not say what it was: apply another one, or undo its last change"
            }
        return "\(id), which stands at \(digest == nil ? place.path : place.description)\(what); \(then)"
    }

    private static func text(_ value: JSON?) -> String { value?.canonicalText ?? "(default)" }

    var json: JSON {
        var object: JSONMembers = [
            "kind": .string(id.kind.rawValue), "name": .string(id.name), "path": .string(place.path),
            "outcome": .string(outcome.rawValue), "fields": .array(fields.map(\.json)),
        ]
        object["schedule"] = (schedule?.fault.rawValue).map(JSON.string)
        if digest != nil { object["line"] = .number(JSONNumber(place.mark.line)) }
        return .object(object)
    }
}

extension Plan {
    /// Notes what was altered behind Writ's back.
    ///
    /// - Parameters:
    ///   - misplaced: in force otherwise than a revision left it
    ///   - declared: all that the commit declares
    ///   - alteration: the last one that the state had noted before `altered` was read
    ///   - schedules: as they are recorded
    ///   - settings: of the repository, where they were altered
    ///   - directory: of the manifests
    package mutating func note(
        altered: [AppliedResource], misplaced: [MisplacedResource] = [], declared: Catalog, alteration: Int?,
        schedules: RecordedSchedules? = nil, settings: AlteredSettings? = nil, below directory: String = ""
    ) {
        drift =
            (settings.map { [Drift.find($0, below: directory)] } ?? [])
            + Drift.find(altered, in: declared, changes, moved: moves)
            + Drift.find(schedules.map { MisplacedSchedule.all(in: $0, declared: declared) } ?? [])
        let all = Set(altered.map(\.id) + misplaced.map(\.id))
        problems += Protection.problems(of: changes, altered: all, inForce: basis.commit)
        problems += Protection.problems(
            of: misplaced.filter { gone in !changes.contains { $0.id == gone.id || $0.before?.id == gone.id } },
            declared: declared, inForce: basis.commit)
        for (index, change) in changes.enumerated() where change.action == .update && all.contains(change.id) {
            changes[index] = PlannedChange(
                action: .update, id: change.id, before: change.before, after: change.after,
                reason: "\(change.reason), from what it was made behind writ's back")
        }
        self.alteration = alteration
    }

    /// Says of what is created and was never deleted that others removed it.
    package mutating func noteRemoved(_ state: StateReader) throws(StateError) {
        for (index, change) in changes.enumerated() where change.action == .create {
            guard let last = try state.changes(of: change.id, Page(limit: 1)).items.first, last.action != .delete,
                last.id == change.id
            else { continue }
            changes[index] = PlannedChange(
                action: .create, id: change.id, before: nil, after: change.after,
                reason: "recorded by revision \(last.revision), and removed from the state behind writ's back")
        }
    }

    /// What applying puts back.
    package var restored: [Drift] { drift.filter { $0.outcome == .restored } }
}
