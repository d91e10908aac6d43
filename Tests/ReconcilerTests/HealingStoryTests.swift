import Foundation
import HTTPTestSupport
import Outbound
import Synchronization
import TestSupport
import Testing
import Values

/// The whole program and a GitHub beside it.
@Suite("Webhooks that are kept at GitHub")
struct HealingStoryTests {
    private static let token = "ghp_0123456789abcdefghij"
    private static let secret = "It's a Secret to Everybody"
    private static let path = "/hooks/repositories/signals"

    /// Where the service is, for what GitHub sends again.
    private final class Place: Sendable {
        private let url = Mutex("")
        var value: String {
            get { url.withLock { $0 } }
            set { url.withLock { $0 = newValue } }
        }
    }

    private func fleet() throws -> Fleet {
        var files = try Examples.files("research-desk")
        let path = "repositories/signals.yaml"
        files[path] = try #require(files[path]).replacing(
            "  webhook:\n", with: "  credentials: {env: GITHUB_TOKEN}\n  webhook:\n    manage: true\n")
        var fleet = try Fleet(files)
        fleet.environment = [
            "SIGNALS_WEBHOOK_SECRET": Self.secret, "GITHUB_TOKEN": Self.token,
            "DESK_HOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "WRIT_PUBLIC_URL": "https://writ.example.com/",
        ]
        return fleet
    }

    /// What GitHub sends when it is asked for a delivery again.
    private static func send(_ body: [UInt8], to place: Place, guid: String) {
        Task {
            try await waitUntil("the service") { !place.value.isEmpty }
            let signature = try HMACSignature.github.sign(body, secret: Array(secret.utf8))
            _ = try await HTTPCall.send(
                "POST", place.value + path,
                headers: [
                    ("Content-Type", "application/json"), ("X-GitHub-Event", "pull_request"),
                    ("X-GitHub-Delivery", guid), ("X-Hub-Signature-256", signature),
                ], body: body)
        }
    }

    private func condition(_ sort: String, _ fleet: Fleet) async throws -> JSON {
        let described = try await fleet.json("describe", "repository/signals")
        let conditions = described.value(atPath: "status.conditions")?.array ?? []
        return try #require(conditions.first { $0["type"]?.string == sort }, "\(conditions)")
    }

    @Test("What was missed during downtime runs when the service is back, and what cannot be had is shown as a gap")
    func heals() async throws {
        let body = try Examples.pullRequest("research-desk")
        let place = Place()
        let gitHub = FakeGitHub(token: Self.token) { id in
            guard id == 21 else { return 422 }
            Self.send(body, to: place, guid: "missed")
            return 202
        }
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { api in
            let fleet = try fleet()
            let before = try await fleet.serve("--github-api", api.url)
            try await before.logged("a webhook is registered at its sender")
            #expect(gitHub.hooks.first?["config"]?["url"] == .string("https://writ.example.com" + Self.path))
            #expect(try await condition("WebhookRegistered", fleet)["status"] == "True")
            #expect(try await condition("EventsComplete", fleet)["reason"] == "NothingMissing")
            try await before.crash()

            let at = Instant(seconds: Int64(Date().timeIntervalSince1970)).rfc3339
            gitHub.deliver([
                FakeGitHub.Delivery(22, "gone", at: at, status: 502, event: "push"),
                FakeGitHub.Delivery(21, "missed", at: at, status: 502, event: "pull_request", action: "opened"),
            ])
            let after = try await fleet.serve("--github-api", api.url)
            place.value = after.url
            let run = try await after.onlyRun("succeeded")
            #expect(run["trigger"]?.string == "triage-signals")
            #expect(gitHub.attempts.sorted() == [21, 22])
            #expect(gitHub.hooks.count == 1)

            let gap = try await condition("EventsComplete", fleet)
            #expect(gap["status"] == "False" && gap["reason"] == "Gap", "\(gap)")
            let described = try await fleet.json("describe", "repository/signals")
            #expect(described["gaps"]?[0]?["delivery"] == "gone")
            let status = try await fleet.json("status")
            #expect(status.value(atPath: "webhooks.0.missed.lost") == 1)
            #expect(status.value(atPath: "webhooks.0.state") == "registered")
            let text = try await fleet.writ("status").stdout
            #expect(text.contains("Webhooks    1 kept at its sender, 1 with a problem:"), "\(text)")
            #expect(try await after.get("/").text.contains("1 lost"))
            #expect(try await after.get("/metrics").text.contains("writ_missed_deliveries{state=\"lost\"} 1"))
            for (name, object) in [("status", status), ("describe", described)] {
                let violations = try MachineFormat.violations(of: object, name)
                #expect(violations.isEmpty, "\(name): \(violations)")
            }
            let told =
                String(decoding: try fleet.stateBytes(), as: UTF8.self) + before.process.stderr + after.process.stderr
            for word in [Self.token, Self.secret] { #expect(!told.contains(word)) }
            #expect(try await after.terminate() == 0)
        }
    }
}
