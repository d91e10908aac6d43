import Spec
import State
import Values

/// Finds the value of a secret when it is used. Its errors name the reference only.
package typealias SecretLookup = @Sendable (SecretReference) throws -> String

/// Who may send to an endpoint and how that is checked.
struct Endpoint {
    let source: any WebhookSource
    let secrets: SecretReferences
    let rateLimit: WebhookRateLimit
    /// As events record it: `trigger/on-push`. Ids of senders are unique within it.
    let name: String

    /// Whether finding a secret means reading a file.
    var hasSecretFiles: Bool {
        secrets.all.contains { reference in
            if case .file = reference.source { true } else { false }
        }
    }

    enum Lookup {
        case found(Endpoint)
        case unknown
        case inactive(String)
    }

    static func find(_ endpoint: EventFacts.Endpoint, in revision: RevisionInForce) -> Lookup {
        switch endpoint {
        case .trigger(let name): trigger(name, in: revision)
        case .repository(let name): repository(name, in: revision.catalog)
        }
    }

    private static func trigger(_ name: String, in revision: RevisionInForce) -> Lookup {
        guard let webhook = revision.triggersByName[name]?.webhook else { return .unknown }
        return .found(
            Endpoint(
                source: source(of: webhook), secrets: webhook.secret, rateLimit: webhook.rateLimit,
                name: "trigger/\(name)"))
    }

    static func source(of webhook: Trigger.Webhook) -> any WebhookSource {
        switch webhook.source {
        case .github: GitHubSource()
        case .generic: GenericSource(webhook)
        case .slack: SlackSource()
        case .telegram: TelegramSource()
        case .standard: StandardSource()
        case .cloudevents: CloudEventsSource()
        }
    }

    private static func repository(_ name: String, in catalog: Catalog) -> Lookup {
        guard let repository = catalog.spec(Repository.self, named: name), let webhook = repository.webhook else {
            return .unknown
        }
        guard repository.provider == .github else {
            return .inactive("this version of writ receives webhooks of repositories on GitHub only")
        }
        return .found(
            Endpoint(
                source: GitHubSource(), secrets: webhook.secret, rateLimit: webhook.rateLimit,
                name: "repository/\(name)"))
    }

    /// The secrets that can be used now; while one takes over from the other, one is enough (fault F111). None means
    /// that nobody gets in (fault F105).
    func usableSecrets(_ lookup: SecretLookup, onFailure: (String) -> Void) -> [[UInt8]] {
        secrets.all.compactMap { reference in
            do {
                let secret = try lookup(reference)
                guard secret.utf8.contains(where: { $0 > 0x20 }) else {
                    onFailure("the secret in \(reference) is empty")
                    return nil
                }
                if let problem = source.problem(with: Array(secret.utf8)) {
                    onFailure("the secret in \(reference) \(problem)")
                    return nil
                }
                return Array(secret.utf8)
            } catch {
                onFailure("the secret in \(reference) cannot be used: \(error)")
                return nil
            }
        }
    }
}

extension Endpoint {
    /// What an endpoint is called at a revision that had this name at an earlier one.
    static func name(_ name: String, at former: Int, by revision: Int, _ names: CurrentNames) -> String {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return name }
        let kind = parts[0] == "repository" ? KindName.repository : .trigger
        return "\(parts[0])/\(names.name(of: ResourceID(kind: kind, name: parts[1]), at: former, by: revision))"
    }
}
