import HTTPTestSupport
import Spec
import State
import TestSupport
import Testing
import Values

/// What GitHub could not deliver is had again, or shown as a gap (fault F109).
@Suite("The healing inbox (fault F109)", .timeLimit(.minutes(2))) struct HealingTests {
    private typealias Kept = RegistrarFixture
    private typealias Delivery = FakeGitHub.Delivery

    /// A state whose webhook was registered at midnight, begun anew at another time.
    private func restarted(_ gitHub: FakeGitHub, _ server: HTTPTestServer, at time: String) async throws
        -> RuntimeFixture
    {
        let before = try RuntimeFixture(Kept.manifests(Kept.repository()))
        try await Kept.keeping(before, api: server.url) { try await before.reaches(.registered) }
        return try RuntimeFixture(restarting: before, now: .at(time))
    }

    private func store(_ guid: String, in fixture: RuntimeFixture) throws {
        _ = try fixture.store.accept(
            NewEvent(
                endpoint: "repository/site", dedupeKey: guid, name: "push", source: "github", payload: [:],
                receivedAt: fixture.clock.now()))
    }

    private func waiting(_ fixture: RuntimeFixture) throws -> [MissedDelivery] {
        try fixture.reader.missedDeliveries(waitingAt: try fixture.registration().number, limit: 1_000)
    }

    private func counts(_ fixture: RuntimeFixture) throws -> MissedCounts {
        try fixture.reader.missedCounts()[try fixture.registration().number] ?? MissedCounts()
    }

    @Test func `After downtime what failed is sent again, page by page, and nothing else`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let after = try await restarted(gitHub, server, at: "06:00:00")
            for guid in ["stored", "again", "fine"] { try store(guid, in: after) }
            gitHub.deliver(
                [
                    Delivery(9, "again", at: "2026-01-01T05:00:00Z", status: 200, event: "push"),
                    Delivery(8, "ping", at: "2026-01-01T04:00:00Z", status: 502, event: "ping"),
                    Delivery(7, "fine", at: "2026-01-01T03:30:00Z", status: 202, event: "push"),
                    Delivery(6, "stored", at: "2026-01-01T03:00:00Z", status: 504, event: "push"),
                    Delivery(5, "again", at: "2026-01-01T02:00:00Z", status: 502, event: "push"),
                    Delivery(4, "late", at: "2026-01-01T01:30:00.5Z", status: 0, event: "issues", action: "opened"),
                    Delivery(3, "early", at: "2026-01-01T01:00:00Z", status: 502, event: "push"),
                    Delivery(2, "before", at: "2025-12-31T23:00:00Z", status: 502, event: "push"),
                ], pageSize: 3)
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("both are asked for") { gitHub.attempts.count == 2 }
                #expect(gitHub.attempts == [3, 4])
                try await waitUntil("the wait") { try after.registration().dueAt == .at("06:01:00") }
                #expect(try waiting(after).map(\.event) == ["push", "issues.opened"])
                try store("early", in: after)
                try store("late", in: after)
                try await after.lookAgain()
                #expect(try counts(after).counts == [.healed: 2])
            }
            #expect(gitHub.attempts.count == 2)
            #expect(try after.registration().lookedAt == .at("06:01:00"))
        }
    }

    @Test func `What was acknowledged and is not here any more, as after a restoration, is had again`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let after = try await restarted(gitHub, server, at: "06:00:00")
            try store("here", in: after)
            gitHub.deliver([
                Delivery(4, "here", at: "2026-01-01T02:00:00Z", status: 202, event: "push"),
                Delivery(3, "lost", at: "2026-01-01T01:00:00Z", status: 202, event: "push"),
            ])
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("it is asked for") { gitHub.attempts.count == 1 }
            }
            #expect(gitHub.attempts == [3])
        }
    }

    @Test func `What came under a former name of the Repository is here`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let after = try await restarted(gitHub, server, at: "06:00:00")
            try store("here", in: after)
            try after.apply(Kept.manifests(Kept.repository("shop", more: ", renamedFrom: site")))
            gitHub.deliver([
                Delivery(4, "here", at: "2026-01-01T02:00:00Z", status: 502, event: "push"),
                Delivery(3, "lost", at: "2026-01-01T01:00:00Z", status: 502, event: "push"),
            ])
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("it is asked for") { gitHub.attempts.count == 1 }
                try await waitUntil("the wait") { try after.registration().dueAt == .at("06:01:00") }
                #expect(try after.registration().id == Repository.id("shop"))
            }
            #expect(gitHub.attempts == [3])
        }
    }

    @Test func `What is not taken after three more tries is a gap`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let after = try await restarted(gitHub, server, at: "06:00:00")
            gitHub.deliver([Delivery(3, "never", at: "2026-01-01T01:00:00Z", status: 502, event: "push")])
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("it is asked for") { gitHub.attempts.count == 1 }
                // What came of asking is recorded after it.
                try await waitUntil("the wait") { try after.registration().dueAt == .at("06:01:00") }
                for _ in 0..<12 where try counts(after)[.lost] == 0 { try await after.lookAgain() }
            }
            #expect(gitHub.attempts == [3, 3, 3])
            let gap = try #require(try after.reader.lostDeliveries(of: Repository.id("site"), limit: 9).first)
            #expect(gap.key == "never" && gap.event == "push" && gap.from == .at("01:00:00"))
            #expect(gap.reason == "GitHub sent it 3 times more, and it was never taken")
            #expect(try after.registration().standing == .registered)
        }
    }

    @Test func `What GitHub does not send again is a gap at once`() async throws {
        let gitHub = FakeGitHub(token: Kept.token) { $0 == 3 ? 422 : 202 }
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let after = try await restarted(gitHub, server, at: "06:00:00")
            gitHub.deliver([
                Delivery(4, "kept", at: "2026-01-01T02:00:00Z", status: 502, event: "push"),
                Delivery(3, "gone", at: "2026-01-01T01:00:00Z", status: 502, event: "push"),
            ])
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("both are asked for") { gitHub.attempts.count == 2 }
                try await waitUntil("the gap") { try counts(after).counts == [.lost: 1, .waiting: 1] }
            }
            let gap = try #require(try after.reader.lostDeliveries(of: Repository.id("site"), limit: 9).first)
            #expect(gap.key == "gone")
            #expect(gap.reason?.contains("422") == true)
        }
    }

    @Test func `Time of which GitHub keeps nothing is a gap, and the rest is healed`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let after = try await restarted(gitHub, server, at: "2026-01-08T00:00:00Z")
            gitHub.deliver([Delivery(3, "last", at: "2026-01-07T01:00:00Z", status: 502, event: "push")])
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("it is asked for") { gitHub.attempts == [3] }
                try await waitUntil("the look") { try after.registration().lookedAt == .at("2026-01-08T00:00:00Z") }
            }
            let gap = try #require(try after.reader.lostDeliveries(of: Repository.id("site"), limit: 9).first)
            #expect(gap.from == .at("00:00:00") && gap.to == .at("2026-01-05T00:00:00Z"))
            #expect(gap.event == nil && gap.reason?.contains("three days") == true)
        }
    }

    @Test func `A budget that is used up half-way goes on where it ended`() async throws {
        let gitHub = FakeGitHub(token: Kept.token) { id in id == 4 ? 429 : 202 }
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let after = try await restarted(gitHub, server, at: "06:00:00")
            gitHub.deliver([
                Delivery(4, "second", at: "2026-01-01T02:00:00Z", status: 502, event: "push"),
                Delivery(3, "first", at: "2026-01-01T01:00:00Z", status: 502, event: "push"),
            ])
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("the limit") { try after.registration().problem?.contains("rate limit") == true }
            }
            #expect(gitHub.attempts == [3, 4])
            #expect(try waiting(after).map(\.attempt).sorted() == [0, 1])
            #expect(try after.registration().dueAt == .at("06:01:01"))
        }
    }
}
