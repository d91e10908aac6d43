import Spec
import Values

extension Resource {
    /// When a trigger fires by the clock; nil for one that is suspended, and for everything else. Read without the rest
    /// of its spec.
    var activeSchedule: Trigger.Schedule? {
        guard id.kind == .trigger, !isSuspended, let schedule = manifest["spec"]?["schedule"] else { return nil }
        return Trigger.Schedule.read(Node(json: schedule), ManifestReading(path: place.path, source: .recorded))
    }
}
