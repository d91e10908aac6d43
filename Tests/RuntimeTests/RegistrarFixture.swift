import HTTPTestSupport
import Logging
import Outbound
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

/// Runs a registrar against a local server in the place of the senders.
struct RegistrarFixture: Sendable {
    static let token = "ghp_0123456789abcdefghij"
    static let secret = "a webhook secret"
    static let botToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    static let botSecret = "a-Secret_Token"

    static func secret(of reference: SecretReference) throws -> String {
        let all = [
            "TOKEN": token, "HOOK": secret, "NEW": "a new webhook secret", "BOT": botToken, "SAME": botToken,
            "BOT_SECRET": botSecret,
        ]
        guard case .environment(let name) = reference.source, let secret = all[name] else {
            throw Invalid(description: "\(reference) is not set")
        }
        return secret
    }

    static func repository(
        _ name: String = "site", _ webhook: String = "events: [push, pull_request.opened], secret: {env: HOOK}",
        manage: Bool = true, url: String = "https://github.com/acme/Site", more: String = ""
    ) -> String {
        """
        apiVersion: writ/v1
        kind: Repository
        metadata: {name: \(name)\(more)}
        spec:
          url: \(url)
          credentials: {env: TOKEN}
          webhook: {\(webhook), manage: \(manage)}
        """
    }

    static func manifests(_ more: String...) -> String {
        ([RuntimeFixture.manifests()] + more).joined(separator: "\n---\n")
    }

    /// Runs `body` beside a registrar.
    static func keeping<Result: Sendable>(
        _ fixture: RuntimeFixture, api: String, publicURL: String? = "https://writ.example.com",
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let client = OutboundClient()
        let address = SenderAddress(base: api)
        let service = Registrar(
            store: fixture.store, catalogs: fixture.catalogs, client: client,
            secrets: { try secret(of: $0) },
            settings: RegistrarSettings(publicURL: publicURL, gitHub: address, telegram: address),
            clock: fixture.clock, random: { 0 }, logger: fixture.logger)
        let result: Result
        do {
            result = try await running(service) { _ in try await body() }
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
        return result
    }
}

extension RuntimeFixture {
    /// The only webhook that is kept.
    func registration() throws -> Registration {
        let all = try reader.registrations()
        try #require(all.count == 1, "\(all)")
        return all[0]
    }

    func reaches(_ standing: Registration.Standing) async throws {
        do {
            try await waitUntil("a webhook \(standing)", timeout: .seconds(20)) {
                try reader.registrations().contains { $0.standing == standing }
            }
        } catch {
            Issue.record("\(try reader.registrations())")
            throw error
        }
    }

    /// Moves the clock to when the webhook is due, and waits until it has been looked after.
    func lookAgain(_ more: Duration = .zero) async throws {
        let due = try registration().dueAt
        let then = max(due, clock.now()).advanced(by: more)
        // Somebody must sleep until then, so that the clock wakes it.
        try await waitUntil("the registrar waits", timeout: .seconds(20)) { clock.deadlines.contains { $0 <= then } }
        clock.set(then)
        try await waitUntil("the webhook was looked after", timeout: .seconds(20)) {
            try registration().dueAt > then
        }
    }
}
