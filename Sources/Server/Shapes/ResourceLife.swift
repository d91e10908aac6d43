import Spec
import State
import Values

/// When a resource came to be, and since when it is suspended or not.
struct ResourceLife: Sendable {
    let created: Instant?
    let suspensionChanged: Instant?

    /// Versions that are looked at for the time of the last suspension or its end.
    private static let limit = 200

    init(of resource: AppliedResource, _ reader: StateReader, times: [Int: Instant]) throws(StateError) {
        // One life: what was deleted and made again began anew.
        var life: [ResourceVersion] = []
        for version in try reader.versions(of: resource.id) {
            if let later = life.last, version.until != later.from { break }
            life.append(version)
        }
        let isSuspended = Self.isSuspended(resource.manifest)
        var changed = life.first?.from ?? resource.sinceRevision
        for version in life.dropFirst().prefix(Self.limit) {
            guard let manifest = try reader.manifest(version.digest), Self.isSuspended(manifest) == isSuspended else {
                break
            }
            changed = version.from
        }
        created = times[life.last?.from ?? resource.sinceRevision]
        suspensionChanged = times[changed]
    }

    static func isSuspended(_ manifest: JSON) -> Bool { manifest["spec"]?["suspend"]?.bool == true }
}
