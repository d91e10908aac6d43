import Runtime
import Spec
import State
import Synchronization
import TestSupport
import Testing
import Values

/// What was applied and cannot work where it is served is recorded, as long as that is so.
@Suite(.timeLimit(.minutes(1))) struct ResourceProblemTests {
    private func problems(_ fixture: RuntimeFixture) throws -> [ResourceProblem] {
        try fixture.reader.resourceProblems().filter { $0.endedAt == nil }
    }

    private func scheduling(
        _ fixture: RuntimeFixture, _ zones: ZoneDatabase, _ body: @Sendable () async throws -> Void
    ) async throws {
        let scheduler = Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
        try await running(scheduler) { _ in try await body() }
    }

    @Test func `A time zone that the system does not have, until it has`() async throws {
        let schedule = "schedule: {cron: '0 5 * * *', timeZone: Europe/Berlin}"
        let first = try RuntimeFixture(RuntimeFixture.manifests(RuntimeFixture.trigger("morning", schedule)))
        let none = ZoneDatabase { _ in nil }
        try await scheduling(first, none) {
            try await waitUntil("the problem") { try !problems(first).isEmpty }
        }
        let problem = try #require(try problems(first).first)
        #expect(problem.id == Trigger.id("morning") && problem.reason == .unknownTimeZone)
        #expect(problem.message.contains("Europe/Berlin"), "\(problem)")
        #expect(problem.since == .at("00:00:00"))
        let second = try RuntimeFixture(restarting: first, now: .at("00:10:00"))
        try await scheduling(second, none) {
            try second.apply(
                RuntimeFixture.manifests(
                    RuntimeFixture.trigger("noon", schedule).replacing(
                        "{name: noon}", with: "{name: noon, renamedFrom: morning}")))
            try await waitUntil("the new name") { try problems(second).map(\.id) == [Trigger.id("noon")] }
        }
        let third = try RuntimeFixture(restarting: second, now: .at("00:20:00"))
        try await scheduling(third, RuntimeFixture.zones) {
            try await waitUntil("the end") { try problems(third).isEmpty }
        }
        #expect(try third.reader.resourceProblems().map(\.endedAt).contains(.at("00:20:00")))
    }

    @Test func `A secret that is gone, or there again, is noticed by the next who sends`() async throws {
        let values = Mutex(["HOOK": "a good secret"])
        let secrets: SecretLookup = { reference in
            guard case .environment(let name) = reference.source, let value = values.withLock({ $0[name] }) else {
                throw Invalid(description: "\(reference) is not set")
            }
            return value
        }
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                RuntimeFixture.trigger("push", "webhook: {source: github, secret: {env: HOOK}}")))
        let news = SecretNews()
        let inbox = Inbox(
            store: fixture.store, catalogs: fixture.catalogs, secrets: secrets, news: news, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
        let watch = SecretWatch(
            store: fixture.store, catalogs: fixture.catalogs, secrets: secrets, news: news, clock: fixture.clock,
            logger: fixture.logger)
        @Sendable func send() -> InboxAnswer { inbox.receive(endpoint: .trigger("push"), headers: [], body: []) }
        try await running(watch) { _ in
            try await waitUntil("the first look") { fixture.clock.deadlines == [.at("00:05:00")] }
            values.withLock { $0["HOOK"] = nil }
            #expect(try problems(fixture).isEmpty)
            // The clock stands: nothing but the webhook makes anybody look.
            guard case .unavailable = send() else { throw Invalid(description: "let in") }
            try await waitUntil("the problem") { try problems(fixture).map(\.id) == [Trigger.id("push")] }
            values.withLock { $0["HOOK"] = "a good secret" }
            #expect(send() == .unauthorized)
            try await waitUntil("its end") { try problems(fixture).isEmpty }
        }
    }

    @Test func `A webhook none of whose secrets can be used, until one can`() async throws {
        let values = Mutex(["GOOD": "a good secret", "BLANK": "   ", "ODD": "not a token"])
        func webhook(_ name: String, _ source: String, _ secret: String) -> String {
            RuntimeFixture.trigger(name, "webhook: {source: \(source), secret: \(secret)}")
        }
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                webhook("good", "github", "{env: GOOD}"), webhook("half", "github", "[{env: GONE}, {env: GOOD}]"),
                webhook("unset", "github", "{env: GONE}"), webhook("blank", "github", "{env: BLANK}"),
                webhook("odd", "telegram", "{env: ODD}"),
                RuntimeFixture.trigger(
                    "fed", "webhook: {source: github, repository: shop, secret: {env: BLANK}}"),
                """
                apiVersion: writ/v1
                kind: Repository
                metadata: {name: shop}
                spec:
                  url: https://github.com/acme/shop
                  webhook: {secret: {env: GOOD}}
                """,
                """
                apiVersion: writ/v1
                kind: Repository
                metadata: {name: site}
                spec:
                  url: https://github.com/acme/site
                  webhook: {secret: {env: GONE}}
                """))
        let watch = SecretWatch(
            store: fixture.store, catalogs: fixture.catalogs,
            secrets: { reference in
                guard case .environment(let name) = reference.source, let value = values.withLock({ $0[name] }) else {
                    throw Invalid(description: "\(reference) is not set")
                }
                return value
            }, news: SecretNews(), clock: fixture.clock, logger: fixture.logger)
        try await running(watch) { _ in
            try await waitUntil("the problems") { try problems(fixture).count == 5 }
            #expect(try problems(fixture).allSatisfy { $0.reason == .secretUnusable && !$0.message.isEmpty })
            #expect(
                try Set(problems(fixture).map(\.id)) == [
                    Trigger.id("unset"), Trigger.id("blank"), Trigger.id("odd"), Trigger.id("fed"),
                    Repository.id("site"),
                ])
            // Its own secret is not the only way to it.
            #expect(
                try problems(fixture).first { $0.id == Trigger.id("fed") }?.message
                    .hasSuffix("; what comes to /hooks/repositories/shop starts it all the same") == true)
            #expect(
                try problems(fixture).first { $0.id == Trigger.id("blank") }?.message.contains("/hooks/") == false)
            try await waitUntil("the wait") { fixture.clock.deadlines.contains(.at("00:05:00")) }
            values.withLock { $0["GONE"] = "there by now" }
            fixture.clock.set(.at("00:05:00"))
            try await waitUntil("the end") { try problems(fixture).count == 3 }
            #expect(
                try Set(problems(fixture).map(\.id)) == [
                    Trigger.id("blank"), Trigger.id("odd"), Trigger.id("fed"),
                ])
        }
    }
}
