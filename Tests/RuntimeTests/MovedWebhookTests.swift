import HTTPTestSupport
import Spec
import State
import TestSupport
import Testing
import Values

/// Webhooks whose repository, address or owner is another one now.
@Suite(.timeLimit(.minutes(2))) struct MovedWebhookTests {
    private typealias Kept = RegistrarFixture
    private typealias Delivery = FakeGitHub.Delivery

    private static let renamed = "https://github.com/acme/now"

    private func none(_ fixture: RuntimeFixture) async throws {
        try await waitUntil("nothing is kept", timeout: .seconds(20)) { try fixture.reader.registrations().isEmpty }
    }

    @Test func `A webhook goes also where nobody says any more how senders reach this service`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) { try await fixture.reaches(.registered) }
            // It is declared without an address now, and then no more.
            try await Kept.keeping(fixture, api: server.url, publicURL: nil) {
                try await fixture.reaches(.failing)
                try fixture.apply(RuntimeFixture.manifests())
                try await none(fixture)
            }
            #expect(gitHub.hooks.isEmpty)
        }
    }

    @Test func `A webhook goes from the address that it had, where it never got the next one`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                gitHub.failPatch(with: FakeGitHub.problem(502, "Bad Gateway"))
                try fixture.apply(Kept.manifests(Kept.repository("shop", more: ", renamedFrom: site")))
                try await waitUntil("the try") { try fixture.registration().problem != nil }
                try fixture.apply(Kept.manifests(Kept.repository("shop", manage: false)))
                try await none(fixture)
            }
            #expect(gitHub.hooks.isEmpty)
        }
    }

    @Test func `A repository that has another name at GitHub keeps its webhook, with the manifest behind`() async throws
    {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let before = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(before, api: server.url) { try await before.reaches(.registered) }
            gitHub.rename(from: "acme/site")
            let fixture = try RuntimeFixture(restarting: before, now: .at("06:00:00"))
            gitHub.deliver([Delivery(3, "early", at: "2026-01-01T01:00:00Z", status: 502, event: "push")])
            try await Kept.keeping(fixture, api: server.url) {
                try await waitUntil("what was missed is asked for") { gitHub.attempts == [3] }
                try await waitUntil("the word") {
                    try fixture.registration().senderSays?.contains("another name at GitHub") == true
                }
                #expect(try fixture.registration().standing == .registered)
                try fixture.apply(RuntimeFixture.manifests())
                try await none(fixture)
            }
            #expect(gitHub.hooks.isEmpty)
        }
    }

    @Test func `Where the manifest follows the new name, the webhook and what it missed go along`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let before = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(before, api: server.url) { try await before.reaches(.registered) }
            let hook = try #require(gitHub.hooks.first?["id"])
            gitHub.rename(from: "acme/site")
            let fixture = try RuntimeFixture(restarting: before, now: .at("06:00:00"))
            gitHub.deliver([Delivery(3, "early", at: "2026-01-01T01:00:00Z", status: 502, event: "push")])
            try fixture.apply(Kept.manifests(Kept.repository(url: Self.renamed)))
            try await Kept.keeping(fixture, api: server.url) {
                try await waitUntil("what was missed is asked for") { gitHub.attempts == [3] }
                try await waitUntil("one is left") { try fixture.reader.registrations().count == 1 }
            }
            let kept = try fixture.registration()
            #expect(kept.declared.target == "acme/now" && kept.senderSays == nil)
            #expect(kept.completeness?.value == .unknown)
            #expect(gitHub.hooks.count == 1 && gitHub.hooks.first?["id"] == hook)
            #expect(!server.requests.contains { $0.method == "DELETE" })
        }
    }

    @Test func `A redirect to anywhere else is not followed`() async throws {
        for place in ["http://127.0.0.2/repositories/1/hooks", "/repositories/1/hooks", "https://api.github.com/"] {
            let reply = HTTPTestReply.redirect(301, to: place)
            try await HTTPTestServer.answering({ _ in reply }).run { server in
                let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
                try await Kept.keeping(fixture, api: server.url) { try await fixture.reaches(.failing) }
                #expect(server.requests.count == 1)
            }
        }
    }
}
