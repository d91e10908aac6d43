import HTTPTestSupport
import Spec
import State
import TestSupport
import Testing
import Values

/// Webhooks that writ keeps at GitHub.
@Suite(.timeLimit(.minutes(2))) struct RegistrarTests {
    private typealias Kept = RegistrarFixture

    private func methods(_ server: HTTPTestServer) -> [String] { server.requests.map(\.method) }

    @Test func `A webhook is made as it is declared, and made once`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                try await fixture.lookAgain()
            }
            let hook = try #require(gitHub.hooks.first)
            #expect(gitHub.hooks.count == 1)
            #expect(hook["events"] == ["pull_request", "push"])
            #expect(hook["active"] == true)
            #expect(
                hook["config"] == [
                    "url": "https://writ.example.com/hooks/repositories/site", "content_type": "json",
                    "insecure_ssl": "0", "secret": "********",
                ])
            #expect(gitHub.secrets == [Kept.secret])
            #expect(server.requests.first?.target == "/repos/acme/site/hooks?per_page=100&page=1")
            let kept = try fixture.registration()
            #expect(kept.standing == .registered && kept.problem == nil && kept.attempt == 0)
            #expect(kept.remoteID == "12345678")
            #expect(methods(server).count { $0 == "POST" } == 1)
        }
    }

    @Test func `Without events everything is asked for`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(
                Kept.manifests(Kept.repository("site", "secret: [{env: NEW}, {env: HOOK}]")))
            try await Kept.keeping(fixture, api: server.url) { try await fixture.reaches(.registered) }
            #expect(gitHub.hooks.first?["events"] == ["*"])
            // The new one is what the sender is to use from now on.
            #expect(gitHub.secrets == ["a new webhook secret"])
        }
    }

    @Test func `One whose making was never heard of is found by its address`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        gitHub.loseNextAnswer()
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.failing)
                #expect(try fixture.registration().remoteID == nil)
                try await fixture.lookAgain()
                try await fixture.reaches(.registered)
            }
            #expect(gitHub.hooks.count == 1)
            #expect(try fixture.registration().remoteID == "12345678")
        }
    }

    @Test func `A start after a crash makes nothing twice, and tells the secret again`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let before = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(before, api: server.url) { try await before.reaches(.registered) }
            gitHub.alter { $0["events"] = ["push", "pull_request"] }
            let after = try RuntimeFixture(restarting: before, now: .at("01:00:00"))
            try await Kept.keeping(after, api: server.url) {
                try await waitUntil("a look") { try after.registration().lookedAt == .at("01:00:00") }
            }
            #expect(gitHub.hooks.count == 1)
            #expect(methods(server).count { $0 == "PATCH" } == 1)
            #expect(methods(server).count { $0 == "POST" } == 1)
        }
    }

    @Test func `A clock that is set back does not put off the next look`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()), now: .at("2026-01-02T00:00:00Z"))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                try await waitUntil("the wait") { !fixture.clock.deadlines.isEmpty }
                fixture.clock.set(.at("00:00:00"))
                try await waitUntil("a look") { try fixture.registration().lookedAt == .at("00:00:00") }
            }
            #expect(gitHub.hooks.count == 1)
        }
    }

    @Test func `What is declared otherwise is changed, and pinged`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                try fixture.apply(Kept.manifests(Kept.repository("site", "events: [issues], secret: {env: NEW}")))
                try await waitUntil("the change") { gitHub.hooks.first?["events"] == ["issues"] }
                try await waitUntil("the ping") { server.requests.contains { $0.target.hasSuffix("/pings") } }
            }
            #expect(gitHub.secrets == ["a new webhook secret"])
            #expect(gitHub.hooks.count == 1)
        }
    }

    @Test func `A secret that somebody changed at GitHub is told again where deliveries are refused`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                func changes() -> Int { server.requests.count { $0.method == "PATCH" } }
                let before = changes()
                try await fixture.lookAgain()
                #expect(changes() == before)
                gitHub.alter { $0["last_response"] = ["code": 401, "status": "unauthorized", "message": .null] }
                try await fixture.lookAgain()
                #expect(changes() == before + 1)
                #expect(gitHub.secrets == [Kept.secret])
            }
        }
    }

    @Test func `What somebody changes at GitHub is put back, and what is deleted there is made anew`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                gitHub.alter { $0["active"] = false }
                try await fixture.lookAgain()
                #expect(gitHub.hooks.first?["active"] == true)
                gitHub.forgetAll()
                try await fixture.lookAgain()
            }
            #expect(gitHub.hooks.count == 1)
            #expect(try fixture.registration().remoteID == "12345679")
        }
    }

    @Test(
        "When the manifest goes, or says so, the webhook goes", arguments: [true, false])
    func removal(deletes: Bool) async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) { try await fixture.reaches(.registered) }
            // While nothing runs.
            try fixture.apply(deletes ? RuntimeFixture.manifests() : Kept.manifests(Kept.repository(manage: false)))
            gitHub.fail(with: FakeGitHub.problem(502, "Bad Gateway"))
            try await Kept.keeping(fixture, api: server.url) {
                try await waitUntil("the first try") { try fixture.registration().problem != nil }
                #expect(try fixture.registration().standing == .removing)
                #expect(gitHub.hooks.count == 1)
                let due = try fixture.registration().dueAt
                try await waitUntil("the wait") { fixture.clock.deadlines.contains(due) }
                fixture.clock.set(due)
                try await waitUntil("the end") { try fixture.reader.registrations().isEmpty }
            }
            #expect(gitHub.hooks.isEmpty)
        }
    }

    @Test func `A webhook whose address somebody changed is theirs, and stays`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) { try await fixture.reaches(.registered) }
            gitHub.alter { $0["config"] = ["url": "https://other.example.com/", "content_type": "json"] }
            try fixture.apply(RuntimeFixture.manifests())
            try await Kept.keeping(fixture, api: server.url) {
                try await waitUntil("the end") { try fixture.reader.registrations().isEmpty }
            }
            #expect(gitHub.hooks.count == 1)
        }
    }

    @Test func `A renamed Repository keeps its webhook, which gets its new address`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                try fixture.apply(Kept.manifests(Kept.repository("shop", more: ", renamedFrom: site")))
                try await waitUntil("the new address") {
                    gitHub.hooks.first?["config"]?["url"] == "https://writ.example.com/hooks/repositories/shop"
                }
            }
            #expect(gitHub.hooks.count == 1)
            #expect(try fixture.registration().id == Repository.id("shop"))
            #expect(!methods(server).contains("DELETE"))
        }
    }

    @Test(
        "What keeps a webhook from being registered is said, with what to do",
        arguments: [
            (401, "does not know the token"), (403, "may not administer"), (404, "no such repository"),
            (422, "refuses"), (500, "answered 500"), (301, "redirects"),
        ])
    func problems(status: Int, words: String) async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        // An answer that repeats what it was sent.
        let reply =
            status == 301
            ? HTTPTestReply.redirect(301, to: "/elsewhere")
            : FakeGitHub.problem(status, "no: \(Kept.token) \(Kept.secret)")
        gitHub.fail(with: reply)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) { try await fixture.reaches(.failing) }
            let kept = try fixture.registration()
            let problem = try #require(kept.problem)
            #expect(problem.contains(words), "\(problem)")
            #expect(!problem.contains(Kept.token) && !problem.contains(Kept.secret), "\(problem)")
            #expect(kept.dueAt == .at(status == 500 ? "00:00:10" : "00:05:00"))
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        "A rate limit is waited for, and one webhook's counts for all of the token",
        arguments: [
            (403, ("X-RateLimit-Reset", "1767226200"), "00:10:01"), (429, ("Retry-After", "120"), "00:02:01"),
            (403, ("Retry-After", "30"), "00:00:31"), (429, ("x-other", "1"), "00:01:01"),
        ])
    func limits(status: Int, header: (String, String), then: String) async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        let limit = FakeGitHub.problem(
            status, "You have exceeded a secondary rate limit.", headers: [header, ("X-RateLimit-Remaining", "0")])
        gitHub.fail(with: limit, limit)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await waitUntil("the limit") {
                    try fixture.reader.registrations().contains { $0.problem?.contains("rate limit") == true }
                }
                #expect(try fixture.registration().standing == .pending)
                #expect(try fixture.registration().dueAt == .at(then))
                let asked = server.requests.count
                // Declared meanwhile, with the same token.
                try fixture.apply(
                    Kept.manifests(
                        Kept.repository(), Kept.repository("shop", url: "https://github.com/acme/shop")))
                try await waitUntil("the second") {
                    try fixture.reader.registrations().filter { $0.problem != nil }.count == 2
                }
                #expect(server.requests.count == asked)
            }
        }
    }

    @Test func `What passes does not count as gone before the fifth time`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url) {
                try await fixture.reaches(.registered)
                let fault = FakeGitHub.problem(502, "Bad Gateway")
                gitHub.fail(with: fault, fault, fault, fault, fault)
                for number in 1...5 {
                    try await fixture.lookAgain()
                    let kept = try fixture.registration()
                    #expect(kept.attempt == number && kept.problem?.contains("502") == true)
                    #expect(kept.standing == (number < 5 ? .registered : .failing))
                }
                try await fixture.lookAgain()
            }
            let kept = try fixture.registration()
            #expect(kept.standing == .registered && kept.problem == nil && kept.attempt == 0)
            #expect(gitHub.hooks.count == 1)
        }
    }

    @Test func `Without a public address nobody is asked for anything`() async throws {
        let gitHub = FakeGitHub(token: Kept.token)
        try await HTTPTestServer.answering({ gitHub.answer($0) }).run { server in
            let fixture = try RuntimeFixture(Kept.manifests(Kept.repository()))
            try await Kept.keeping(fixture, api: server.url, publicURL: nil) { try await fixture.reaches(.failing) }
            #expect(try fixture.registration().problem?.contains("--public-url") == true)
            #expect(server.requests.isEmpty)
        }
    }
}
