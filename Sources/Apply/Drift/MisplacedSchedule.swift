import Spec
import State
import Values

/// A schedule in force whose recorded place is gone or not its own (fault C67). Without one it never fires.
package struct MisplacedSchedule: Sendable {
    package enum Fault: String, Sendable, Hashable {
        case missing
        case unreadable
        /// Of other times than the schedule's.
        case different
    }

    package let fault: Fault
    let trigger: Resource
    package var id: ResourceID { trigger.id }
    let timing: Digest

    /// `the place of trigger morning is not recorded any more`
    package var text: String {
        switch fault {
        case .missing: "the place of trigger \(trigger.id.name) is not recorded any more"
        case .unreadable: "what is recorded of the place of trigger \(trigger.id.name) cannot be read"
        case .different: "the place of trigger \(trigger.id.name) is of another schedule than the one in force"
        }
    }

    var reason: String {
        switch fault {
        case .missing: "the place of its schedule is not recorded any more; applying has it count from then on"
        case .unreadable: "what is recorded of the place of its schedule cannot be read; applying restores it"
        case .different: "the place of its schedule is of another one; applying restores it"
        }
    }

    var restoration: PlaceRestoration {
        PlaceRestoration(trigger: trigger.id, digest: trigger.digest, timing: timing)
    }

    /// - Parameter declared: what tells what a trigger was whose manifest was altered itself; without it those are
    ///   passed over
    package static func all(in recorded: RecordedSchedules, declared: Catalog? = nil) -> [MisplacedSchedule] {
        let places = Dictionary(recorded.places.map { ($0.trigger, $0) }) { first, _ in first }
        return recorded.triggers.compactMap { applied in
            guard let trigger = known(applied, declared), let timing = trigger.schedule?.timingDigest else {
                return nil
            }
            let place = places[trigger.id.name]
            guard place?.specDigest != timing else { return nil }
            let fault: Fault = place.map { $0.specDigest == nil ? .unreadable : .different } ?? .missing
            return MisplacedSchedule(fault: fault, trigger: trigger, timing: timing)
        }
    }

    private static func known(_ applied: AppliedResource, _ declared: Catalog?) -> Resource? {
        guard Digest(of: applied.manifest.canonicalBytes) != applied.digest else { return Resource(applied) }
        return declared?[applied.id].flatMap { $0.digest == applied.digest ? $0 : nil }
    }
}
