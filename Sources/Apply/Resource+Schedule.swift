import Spec
import Values

extension Resource {
    /// The same, and nil where it is suspended.
    var activeSchedule: Trigger.Schedule? { isSuspended ? nil : schedule }

    /// When a trigger fires by the clock; nil for everything else. Read without the rest of its spec.
    var schedule: Trigger.Schedule? {
        guard id.kind == .trigger, let schedule = manifest["spec"]?["schedule"] else { return nil }
        return Trigger.Schedule.read(Node(json: schedule), ManifestReading(path: place.path, source: .recorded))
    }
}
