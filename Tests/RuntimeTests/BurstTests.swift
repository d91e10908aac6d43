import Outbound
import Runtime
import Spec
import State
import Testing
import Values

/// More events at a time than anybody sends.
@Suite(.timeLimit(.minutes(5))) struct BurstTests {
    private static let secret = "It's a Secret to Everybody"
    private static let count = 10_000

    @Test("A burst of 10,000 is acknowledged, and each runs once (fault F119)")
    func burst() async throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                RuntimeFixture.trigger(
                    "hello", "webhook: {source: github, secret: {env: HOOK}, rateLimit: {requests: 20000}}")))
        let inbox = Inbox(
            store: fixture.store, catalogs: fixture.catalogs, secrets: { _ in Self.secret }, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
        let key = Array(Self.secret.utf8)
        let waves = 40
        var answers: [InboxAnswer] = []
        // As many at a time as there are connections.
        for wave in 0..<waves {
            answers += try await withThrowingTaskGroup(of: InboxAnswer.self) { group in
                for number in 0..<(Self.count / waves) {
                    group.addTask {
                        let body = Array(#"{"wave": \#(wave), "number": \#(number)}"#.utf8)
                        return await inbox.receiveTogether(
                            endpoint: .trigger("hello"),
                            headers: [
                                ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "\(wave)-\(number)"),
                                ("X-Hub-Signature-256", try HMACSignature.github.sign(body, secret: key)),
                            ], body: body)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        var ids: Set<String> = []
        for answer in answers {
            guard case .accepted(let id) = answer else { throw Invalid(description: "\(answer)") }
            ids.insert(id)
        }
        #expect(ids.count == Self.count)
        #expect(try fixture.reader.queueCounts().runs == [.queued: Self.count])
    }
}
