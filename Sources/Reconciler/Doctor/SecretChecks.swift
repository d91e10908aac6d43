import Agents
import Spec
import State

/// Whether the secrets that manifests name are there. Only names are said, never values.
enum SecretChecks {
    private static let shown = 20

    /// - Parameter isServed: another process serves, whose environment may have what ours lacks
    static func finding(_ applied: AppliedState, _ options: SecretOptions, isServed: Bool) -> Finding {
        let resolver = SecretResolver(environment: { Environment[$0] }, directory: options.directory)
        var users: [SecretReference: [String]] = [:]
        for resource in applied.resources {
            for reference in Resource(resource).secretReferences {
                users[reference, default: []].append(resource.id.description)
            }
        }
        var missing: [String] = []
        for (reference, names) in users {
            do {
                _ = try resolver.resolve(reference)
            } catch {
                missing.append("\(error.description), for \(names.sorted().prefix(3).joined(separator: ", "))")
            }
        }
        guard !missing.isEmpty else {
            return .ok(
                "secrets",
                users.isEmpty ? "no manifest names a secret" : "all \(users.count) that manifests name are there")
        }
        let more = missing.count > shown ? "; and \(missing.count - shown) more" : ""
        let text = missing.sorted().prefix(shown).joined(separator: "; ") + more
        let fix = "set them in the environment of the service, or put the files into its secrets directory"
        return isServed
            ? .warning("secrets", "not in this environment: \(text)", fix: "\(fix); `writ serve` may have them already")
            : .problem("secrets", text, fix: fix)
    }
}
