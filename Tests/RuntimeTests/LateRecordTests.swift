import Agents
import GRDB
import HTTPTestSupport
import Outbound
import Runtime
import State
import Synchronization
import TestSupport
import Testing
import Values

/// Work that is done while the state cannot take its end.
@Suite(.timeLimit(.minutes(1))) struct LateRecordTests: WorkersSuite {
    let fixture: RuntimeFixture

    init() throws { fixture = try RuntimeFixture(Self.manifests) }

    /// Waits until the record was refused, lets the state take it, and lets the time pass until the next try.
    private func record(_ hold: StateHold, on fixture: RuntimeFixture) async throws {
        try await waitUntil("a try to record") {
            hold.isHeld && fixture.clock.deadlines.contains(fixture.clock.now().advanced(by: .seconds(3)))
        }
        hold.end()
        fixture.clock.advance(.seconds(3))
    }

    @Test func `The end of a run is recorded when the state can take it`() async throws {
        let id = try enqueue()
        let hold = StateHold(fixture.path)
        let executor = FakeExecutor { _, _ in
            try hold.begin()
            return .success("done")
        }
        try await running(workers(executor)) { _ in
            try await record(hold, on: fixture)
            try await reaches(.succeeded, id)
        }
        #expect(executor.works.count == 1)
        #expect(try stored(id).attempt == 1)
    }

    @Test func `A step is recorded when the state can take it, and its run goes on`() async throws {
        let id = try enqueue()
        let hold = StateHold(fixture.path)
        let start = fixture.clock.now()
        let executor = FakeExecutor { _, recorder in
            try hold.begin()
            try await recorder.record(Step(number: 1, kind: .tool, name: "post", isRepeatable: false, startedAt: start))
            return .success("done")
        }
        try await running(workers(executor)) { _ in
            try await record(hold, on: fixture)
            try await reaches(.succeeded, id)
        }
        #expect(executor.works.count == 1)
        #expect(try fixture.reader.steps(of: id).map(\.name) == ["post"])
    }

    @Test func `A message whose delivery cannot be recorded at once is sent once`() async throws {
        let hold = Mutex<StateHold?>(nil)
        let server = HTTPTestServer.answering { _ in
            try? hold.withLock { $0 }?.begin()
            return HTTPTestReply(204)
        }
        try await server.run { server in
            let fixture = try RuntimeFixture(
                RuntimeFixture.manifests(
                    """
                    apiVersion: writ/v1
                    kind: Channel
                    metadata: {name: ops}
                    spec: {webhook: {url: "\(server.url)", secret: {env: SIGNING}, allowPrivateNetworks: true}}
                    """))
            let held = StateHold(fixture.path)
            hold.withLock { $0 = held }
            let now = fixture.clock.now()
            let run = NewRun(target: .agent("brief"), revision: 1, notBefore: now)
            let claimed = try fixture.store.start(run, owner: "test", leaseFor: .seconds(60), now: now)
            try fixture.store.complete(claimed.lease, RunOutcome(.succeeded, output: "x"), at: now) { _ in
                [NewDelivery(channel: "ops", body: ["type": "run.succeeded"], maxAttempts: 10, notBefore: now)]
            }
            let client = OutboundClient()
            let service = Deliveries(
                store: fixture.store, catalogs: fixture.catalogs, client: client,
                secrets: { _ in "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }, clock: fixture.clock, owner: "one",
                random: { 0 }, metrics: fixture.metrics, logger: fixture.logger)
            try await running(service) { _ in
                try await record(held, on: fixture)
                try await waitUntil("its end") { try fixture.reader.deliveries().items.first?.state == .delivered }
                // Were it still under way, its lease would have run out by now.
                fixture.clock.advance(.seconds(120))
                try await waitUntil("another look") {
                    fixture.clock.deadlines.contains { $0 > fixture.clock.now() }
                }
            }
            await client.shutdown()
            #expect(server.requests.count == 1)
            #expect(try fixture.reader.deliveries().items.map(\.attempt) == [1])
        }
    }
}

/// Another connection that keeps everybody else from writing to a state, as a full disk would.
private final class StateHold: Sendable {
    private let path: String
    private let connection = Mutex<DatabaseQueue?>(nil)

    init(_ path: String) { self.path = path }

    var isHeld: Bool { connection.withLock { $0 != nil } }

    func begin() throws {
        try connection.withLock { connection in
            guard connection == nil else { return }
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            // The store may be writing at this moment.
            configuration.busyMode = .timeout(30)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { db in try db.beginTransaction(.immediate) }
            connection = queue
        }
    }

    func end() {
        connection.withLock { connection in
            try? connection?.inDatabase { db in try db.rollback() }
            connection = nil
        }
    }
}
