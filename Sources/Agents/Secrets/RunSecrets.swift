import Spec
import Synchronization
import Values

/// The secrets of one run: found when they are used, and taken out of everything that the run records, tells a model or
/// gives back.
package final class RunSecrets: Sendable {
    private let resolver: SecretResolver
    private let redactor = Mutex(Redactor())

    package init(_ resolver: SecretResolver) {
        self.resolver = resolver
    }

    package func value(of reference: SecretReference) throws(SecretError) -> String {
        let secret = try resolver.resolve(reference)
        redactor.withLock { $0.add(secret) }
        return secret
    }

    /// Makes secrets known before they are used, so that no other answer can carry them in. Those that cannot be
    /// found are reported when they are used.
    func learn(_ references: [SecretReference]) {
        for reference in references { _ = try? value(of: reference) }
    }

    package func redact(_ text: String) -> String {
        redactor.withLock { $0 }.redact(text)
    }

    package func redact(_ json: JSON) -> JSON {
        redactor.withLock { $0 }.redact(json)
    }
}
