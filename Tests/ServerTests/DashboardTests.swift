import Server
import Spec
import State
import TestSupport
import Testing
import Values

@Suite struct DashboardTests {
    private func page(_ path: String = "/", _ prepare: (ServerFixture) throws -> Void) async throws -> TestAnswer {
        let fixture = try ServerFixture()
        try prepare(fixture)
        return try await serving(fixture) { try await $0.get(path) }
    }

    @Test func `says so when there is nothing yet`() async throws {
        let page = try await page { _ in }
        #expect(page.status == 200)
        #expect(page.text.contains("none yet"))
        #expect(page.text.contains("Nothing ran yet."))
    }

    @Test func `shows the revision, what ran and when schedules fire`() async throws {
        let page = try await page { fixture in
            try fixture.applyUsual()
            try fixture.finishedRun("The market is calm.")
        }
        for text in [
            "0123456789", "by ada", "The market is calm.", "succeeded", "1,234", "2026-01-01 09:00 Europe/Berlin",
            "0 9 * * *", "all/brief.yaml:3:1", "suspended", "Writ 1.2.3",
        ] {
            #expect(page.text.contains(text), "\(text)")
        }
    }

    @Test func `says which instants a skipped run stands for`() async throws {
        let cursor = ScheduleCursor(
            trigger: "morning", instant: ServerFixture.start, specDigest: Digest(of: "spec".utf8))
        let page = try await page { fixture in
            try fixture.applyUsual()
            _ = try fixture.store.fire(
                ScheduleFiring(
                    cursor: cursor, next: ServerFixture.at(50),
                    skipped: [
                        SkippedInstants(
                            since: ServerFixture.at(1), instant: ServerFixture.at(40), count: 2_000,
                            reason: "missed; catchUp none", target: .agent("brief"), revision: 1)
                    ], at: ServerFixture.at(50)))
        }
        #expect(
            page.text.contains(
                "2,000 instants, 2026-01-01T00:00:01Z to 2026-01-01T00:00:40Z: missed; catchUp none"))
    }

    @Test func `says of a channel what it did not get, as the status and the description do`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        try fixture.apply([
            .manifest(
                "Channel", "news", ["webhook": ["url": "https://example.com/news", "secret": ["env": "SIGNING"]]])
        ])
        try fixture.finishedRun(deliver: "news")
        let taken = try fixture.store.claimDeliveries(
            now: ServerFixture.at(90), owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 1 })
        try fixture.store.failDelivery(
            try #require(taken.first).lease, error: "it answered <404>", status: 404, at: ServerFixture.at(91))
        let page = try await serving(fixture) { try await $0.get("/") }
        #expect(page.text.contains("1 message given up, since <"), "\(page.text)")
        #expect(page.text.contains("it answered &lt;404&gt;"))
        let status = Shapes.overview(try fixture.source.overview())["undelivered"]
        #expect(
            status == [
                [
                    "channel": "news", "failed": 1, "waiting": 0, "since": "2026-01-01T00:00:02Z",
                    "responseStatus": 404,
                    "error": "it answered <404>",
                ]
            ])
        let resource = try #require(try fixture.reader.resource(Channel.id("news")))
        let description = try ResourceDescription(
            resource, fixture.reader, zones: ServerFixture.zones, now: ServerFixture.at(100))
        #expect(Shapes.description(description)["undelivered"]?["failed"] == 1)
        #expect(
            description.undelivered?.line
                == "1 message given up, since 2026-01-01T00:00:02Z; the last: it answered <404>")
        #expect(page.text.contains("bad-text\">1 message given up"))
    }

    @Test func `a channel that recovered is told as that`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        try fixture.apply([
            .manifest(
                "Channel", "news", ["webhook": ["url": "https://example.com/news", "secret": ["env": "SIGNING"]]])
        ])
        for isGone in [true, false] {
            try fixture.finishedRun(deliver: "news")
            let taken = try fixture.store.claimDeliveries(
                now: ServerFixture.at(90), owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 1 })
            let lease = try #require(taken.first).lease
            if isGone {
                try fixture.store.failDelivery(lease, error: "it answered 410", status: 410, at: ServerFixture.at(91))
            } else {
                try fixture.store.delivered(lease, status: 200, at: ServerFixture.at(95))
            }
        }
        let status = try #require(try fixture.source.overview().undelivered.first)
        #expect(status.line.hasSuffix("; the last: it answered 410; one got through after it, at 2026-01-01T00:01:35Z"))
        let object = Shapes.overview(try fixture.source.overview())
        #expect(object["undelivered"]?[0]?["recoveredAt"] == "2026-01-01T00:01:35Z")
        let page = try await serving(fixture) { try await $0.get("/") }
        #expect(page.text.contains("; one got through <") && !page.text.contains("bad-text\">1 message given up"))
    }

    @Test func `tells why a commit was rejected and what stays`() async throws {
        let page = try await page { fixture in
            try fixture.applyUsual()
            try fixture.store.record(
                Observation(
                    commit: "badc0de", branch: "main", at: ServerFixture.at(30), outcome: .rejected, revision: 1,
                    message: "commit badc0de is not valid: 1 error",
                    diagnostics: [
                        [
                            "severity": "error", "code": "unknown-field", "message": "unknown field <b>modle</b>",
                            "path": "agents/a.yaml", "line": 4, "column": 3,
                        ]
                    ]))
        }
        #expect(page.text.contains("was rejected"))
        #expect(page.text.contains("<p>Commit badc0de is not valid: 1 error. Revision 1 stays in force."))
        #expect(
            page.text.contains(
                "agents/a.yaml:4:3: error: unknown field &lt;b&gt;modle&lt;/b&gt; [unknown-field]"))
    }

    @Test func `escapes whatever agents, senders and repositories say`() async throws {
        let hostile = #"</td><script>alert("1")</script>&'\#u{202E}\#u{1B}[31m"#
        let fixture = try ServerFixture()
        try fixture.apply([.agent("brief"), .schedule("x\"><img src=x>", agent: hostile)])
        _ = try fixture.store.accept(
            NewEvent(
                endpoint: "trigger/\(hostile)", name: hostile, source: "github", payload: [:],
                receivedAt: ServerFixture.start))
        let good = try fixture.finishedRun(hostile, trigger: hostile)
        let bad = try fixture.finishedRun(trigger: nil, end: .failed, error: hostile)
        let pages = try await serving(fixture) { client in
            try await [client.get("/"), client.get("/runs/\(good)"), client.get("/runs/\(bad)")]
        }
        for page in pages {
            #expect(page.status == 200)
            #expect(page.text.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"))
            #expect(!page.text.contains("<script"))
            #expect(!page.text.contains("<img"))
            #expect(!page.text.unicodeScalars.contains("\u{202E}"))
            #expect(!page.text.unicodeScalars.contains("\u{1B}"))
        }
    }

    @Test func `shows a run with its steps`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let id = try fixture.finishedRun("Line one.\nLine two.")
        let (found, missing) = try await serving(fixture) { client in
            (try await client.get("/runs/\(id)"), try await client.get("/runs/run_0"))
        }
        #expect(found.text.contains("Line one.\nLine two."))
        #expect(found.text.contains("1. replay"))
        #expect(!found.text.contains("http-equiv=\"refresh\""))
        #expect(missing.status == 404)
        #expect(missing.header("Content-Type") == "text/html; charset=utf-8")
    }

    @Test func `runs nothing, loads its own style alone, and refreshes itself`() async throws {
        let (page, style) = try await serving(ServerFixture()) { client in
            let page = try await client.get("/")
            let path = page.text.split(separator: "\"").first { $0.hasSuffix(".css") } ?? ""
            return (page, try await client.get(String(path)))
        }
        let policy = try #require(page.header("Content-Security-Policy"))
        #expect(policy.contains("default-src 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(!policy.contains("script-src"))
        #expect(page.header("X-Content-Type-Options") == "nosniff")
        #expect(page.header("X-Frame-Options") == "DENY")
        #expect(page.header("Cache-Control") == "no-store")
        #expect(!page.text.contains(" style="))
        #expect(page.text.contains("http-equiv=\"refresh\""))
        #expect(style.status == 200)
        #expect(style.header("Content-Type") == "text/css; charset=utf-8")
        #expect(style.text.contains("prefers-color-scheme: dark"))
    }
}
