import HTTPTestSupport
import Spec
import State
import TestSupport
import Testing
import Values

/// What somebody did at the sender to a webhook that writ keeps, and how it stands since.
@Suite(.timeLimit(.minutes(2))) struct AlteredWebhookTests {
    private typealias Kept = RegistrarFixture

    enum Alteration: CaseIterable, Sendable {
        case deleted, madeAnew, deactivated, address, events, moreEvents, contentType

        /// What the gap says; nil where nothing is missed by it.
        var words: String? {
            switch self {
            case .deleted, .madeAnew: "was deleted"
            case .deactivated: "was deactivated"
            case .address: "was given another address"
            case .events: "no pull_request any more"
            case .moreEvents, .contentType: nil
            }
        }

        func make(at gitHub: FakeGitHub) {
            switch self {
            case .deleted: gitHub.forgetAll()
            case .madeAnew:
                gitHub.forgetAll()
                gitHub.add(url: "https://writ.example.com/hooks/repositories/site")
            case .deactivated: gitHub.alter { $0["active"] = false }
            case .address:
                gitHub.alter { $0["config"] = ["url": "https://other.example.com/", "content_type": "json"] }
            case .events: gitHub.alter { $0["events"] = ["push"] }
            case .moreEvents: gitHub.alter { $0["events"] = ["push", "pull_request", "issues"] }
            case .contentType:
                gitHub.alter { hook in
                    var config = hook["config"]?.object ?? [:]
                    config["content_type"] = "form"
                    hook["config"] = .object(config)
                }
            }
        }
    }

    @Test("What was not sent while the webhook at GitHub was another one is a gap", arguments: Alteration.allCases)
    func gaps(alteration: Alteration) async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let before = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(before, api: server.url) { try await before.reaches(.registered) }
            alteration.make(at: gitHub)
            let after = try RuntimeFixture(restarting: before, now: .at("06:00:00"))
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("the look") { try after.registration().dueAt == .at("06:10:00") }
                // What is as it should be again makes no second gap.
                try await after.lookAgain()
            }
            let gaps = try after.reader.lostDeliveries(of: Repository.id("site"), limit: 9)
            let kept = try after.registration()
            guard let words = alteration.words else {
                #expect(gaps.isEmpty)
                #expect(kept.completeness?.value == .complete)
                return
            }
            #expect(gaps.count == 1)
            let gap = try #require(gaps.first)
            #expect(gap.from == .at("00:00:00") && gap.to == .at("06:00:00"))
            #expect(gap.reason?.contains(words) == true, "\(gap)")
            #expect(kept.completeness?.value == .incomplete)
            #expect(kept.completeness?.since == .at("06:00:00"))
            let hook = try #require(gitHub.hooks.first)
            #expect(gitHub.hooks.count == 1 && hook["active"] == true && hook["events"] == ["pull_request", "push"])
        }
    }

    @Test func `A gap is there also where the webhook cannot be put right yet, and grows until it is`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                gitHub.alter { $0["active"] = false }
                gitHub.failPatch(with: FakeGitHub.problem(502, "Bad Gateway"))
                try await fixture.lookAgain()
                #expect(gitHub.hooks.first?["active"] == false)
                #expect(try fixture.reader.missedCounts().values.map { $0[.lost] } == [1])
                // That GitHub may be there again soon does not make it what it was.
                #expect(try fixture.registration().standing == .failing)
                try await fixture.lookAgain()
                #expect(try fixture.registration().standing == .registered)
                #expect(gitHub.hooks.first?["active"] == true)
            }
            let gaps = try fixture.reader.lostDeliveries(of: Repository.id("site"), limit: 9)
            #expect(gaps.map(\.from) == [.at("00:00:00")])
            #expect(gaps.map(\.to) == [.at("00:10:10")])
        }
    }

    @Test func `What the manifest changes is no gap`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                try fixture.apply(Kept.manifests(Kept.repository("site", "events: [issues], secret: {env: NEW}")))
                try await waitUntil("the change") { gitHub.hooks.first?["events"] == ["issues"] }
                try await fixture.reaches(.registered)
            }
            #expect(try fixture.reader.lostDeliveries(of: Repository.id("site"), limit: 9).isEmpty)
        }
    }

    @Test func `A second webhook with our address is deleted while the known one is there, and no other`() async throws
    {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                let known = try fixture.registration().remoteID
                gitHub.add(url: "https://writ.example.com/hooks/repositories/site")
                gitHub.add(url: "https://writ.example.com/hooks/repositories/site/")
                gitHub.add(url: "https://other.example.com/")
                try await fixture.lookAgain()
                #expect(try fixture.registration().remoteID == known)
            }
            #expect(
                gitHub.hooks.map { $0["config"]?["url"]?.string } == [
                    "https://writ.example.com/hooks/repositories/site",
                    "https://writ.example.com/hooks/repositories/site/", "https://other.example.com/",
                ])
        }
    }

    @Test func `A rate limit leaves a webhook registered, and goes for the next process, too`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let before = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(before, api: server.url) {
                try await before.reaches(.registered)
                for _ in 1...6 {
                    gitHub.fail(with: FakeGitHub.problem(429, "Slow down", headers: [("Retry-After", "7200")]))
                    try await before.lookAgain()
                    #expect(try before.registration().standing == .registered)
                    #expect(try before.registration().problem?.contains("rate limit") == true)
                }
            }
            let asked = server.requests.count
            let due = try before.registration().dueAt
            let after = try RuntimeFixture(restarting: before, now: before.clock.now().advanced(by: .seconds(60)))
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("the wait") { after.clock.deadlines.contains(due) }
                #expect(server.requests.count == asked)
                try await after.lookAgain()
            }
            let kept = try after.registration()
            #expect(server.requests.count > asked)
            #expect(kept.standing == .registered && kept.problem == nil && kept.limitedUntil == nil)
            #expect(kept.registeredSince == .at("00:00:00") && kept.readySince == nil)
        }
    }

    @Test func `It is remembered when a webhook began and ceased to fail`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                let denied = FakeGitHub.problem(401, "Bad credentials")
                gitHub.fail(with: denied, denied)
                try await fixture.lookAgain()
                #expect(try fixture.registration().readySince == .at("00:10:00"))
                try await fixture.lookAgain()
                #expect(try fixture.registration().standing == .failing)
                #expect(try fixture.registration().readySince == .at("00:10:00"))
                #expect(try fixture.registration().registeredSince == .at("00:10:00"))
                try await fixture.lookAgain()
            }
            let kept = try fixture.registration()
            #expect(kept.standing == .registered)
            #expect(kept.readySince == fixture.clock.now() && kept.registeredSince == fixture.clock.now())
        }
    }
}
