import Server
import State
import TestSupport
import Testing
import Values

@Suite struct HealthTests {
    private func status(_ path: String, _ prepare: (ServerFixture) throws -> Void) async throws -> Int {
        let fixture = try ServerFixture()
        try prepare(fixture)
        return try await serving(fixture) { try await $0.get(path).status }
    }

    private func observation(_ outcome: Observation.Outcome) -> Observation {
        Observation(
            commit: "c0ffee", branch: "main", at: ServerFixture.at(5), outcome: outcome, revision: 1, message: "x")
    }

    @Test func `is alive with an empty state`() async throws {
        #expect(try await status("/healthz") { _ in } == 200)
    }

    @Test func `is not alive when the state cannot be read`() async throws {
        #expect(try await status("/healthz") { try $0.store.close() } == 503)
    }

    @Test func `is ready from the first revision on`() async throws {
        #expect(try await status("/readyz") { _ in } == 503)
        #expect(try await status("/readyz") { try $0.applyUsual() } == 200)
    }

    @Test func `stays ready on a rejected commit, and is not while the repository cannot be read`() async throws {
        let rejected = try await status("/readyz") { fixture in
            try fixture.applyUsual()
            try fixture.store.record(observation(.rejected))
        }
        let unreadable = try await status("/readyz") { fixture in
            try fixture.applyUsual()
            try fixture.store.record(observation(.unreadable))
        }
        #expect(rejected == 200)
        #expect(unreadable == 503)
    }
}
