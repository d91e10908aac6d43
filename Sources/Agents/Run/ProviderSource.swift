import Outbound
import Spec
import Values

/// Makes what a `Provider` resource describes.
package protocol ProviderSource: Sendable {
    /// - Parameter secrets: of the run; the provider's key is found through it.
    func provider(named name: String, _ spec: Provider, secrets: RunSecrets) throws(RunFailure) -> any ModelProvider
}

/// The types of providers that this version acts on.
package struct StandardProviders: ProviderSource {
    private let client: OutboundClient
    private let now: @Sendable () -> Instant

    package init(client: OutboundClient, now: @escaping @Sendable () -> Instant) {
        self.client = client
        self.now = now
    }

    package func provider(
        named name: String, _ spec: Provider, secrets: RunSecrets
    ) throws(RunFailure) -> any ModelProvider {
        switch spec.type {
        case .openai:
            return try openAI(name, spec, secrets)
        case .replay:
            return ReplayProvider(try Self.transcript(name, spec))
        case .anthropic, .ollama, .letta:
            throw RunFailure(
                .notActive,
                "provider \(name) is of the type `\(spec.type.rawValue)`, which this version does not act on yet")
        }
    }

    private func openAI(
        _ name: String, _ spec: Provider, _ secrets: RunSecrets
    ) throws(RunFailure) -> OpenAIProvider {
        do {
            let key = try spec.apiKey.map { (reference) throws(SecretError) in try secrets.value(of: reference) }
            var headers: [(String, String)] = []
            for (header, value) in spec.headers.sorted(by: { $0.key < $1.key }) {
                switch value {
                case .value(let text): headers.append((header, text))
                case .secret(let reference): headers.append((header, try secrets.value(of: reference)))
                }
            }
            return OpenAIProvider(
                name: name, baseURL: spec.baseURL?.manifestText ?? OpenAIProvider.defaultBaseURL, apiKey: key,
                headers: headers, client: client, now: now)
        } catch {
            throw RunFailure(.secret, "provider \(name): \(error.message)")
        }
    }

    private static func transcript(_ name: String, _ spec: Provider) throws(RunFailure) -> Transcript {
        guard let file = spec.transcripts?.file else {
            throw RunFailure(.provider, "provider \(name) replays, and has no transcripts")
        }
        do {
            return try Transcript(Array(file.text.utf8), path: file.path)
        } catch {
            throw RunFailure(.provider, "provider \(name): \(error.message)")
        }
    }
}
