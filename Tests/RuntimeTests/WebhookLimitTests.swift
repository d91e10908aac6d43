import Logging
import Outbound
import Runtime
import Spec
import State
import Synchronization
import TestSupport
import Testing
import Values

@Suite("Limits of the inbox")
struct WebhookLimitTests {
    private static let secret = "It's a Secret to Everybody"

    private static let manifests = RuntimeFixture.manifests(
        agents: ["brief", "other"],
        RuntimeFixture.trigger(
            "slow", "webhook: {source: github, secret: {env: HOOK}, rateLimit: {requests: 2, per: 10s}}"),
        RuntimeFixture.trigger("free", agent: "other", "webhook: {source: github, secret: {env: HOOK}}"),
        RuntimeFixture.trigger(
            "batch",
            "webhook: {source: cloudevents, secret: {env: HOOK}, rateLimit: {requests: 3, per: 10s}}"),
        """
        apiVersion: writ/v1
        kind: Repository
        metadata: {name: site}
        spec:
          url: https://github.com/Codertocat/Hello-World
          webhook: {secret: {env: HOOK}, rateLimit: {requests: 1, per: 1h}}
        """,
        """
        apiVersion: writ/v1
        kind: Tool
        metadata: {name: post}
        spec: {description: Posts., limits: {queue: 2}, http: {url: "https://example.com/"}}
        ---
        apiVersion: writ/v1
        kind: Trigger
        metadata: {name: tool}
        spec: {tool: post, webhook: {source: github, secret: {env: HOOK}}}
        """)

    private let fixture: RuntimeFixture
    private let inbox: Inbox
    private let log = LogRecord()

    init() throws {
        fixture = try RuntimeFixture(Self.manifests)
        let log = log
        inbox = Inbox(
            store: fixture.store, catalogs: fixture.catalogs, secrets: { _ in Self.secret }, clock: fixture.clock,
            metrics: fixture.metrics, logger: Logger(label: "test") { _ in log }, queueLimit: 8)
    }

    private func send(
        _ endpoint: EventFacts.Endpoint, id: String? = nil, signed: Bool = true, body: String = "{}"
    ) throws -> InboxAnswer {
        let body = Array(body.utf8)
        var headers = [("X-GitHub-Event", "push"), ("X-GitHub-Delivery", id ?? "\(UInt64.random(in: 0 ... .max))")]
        if signed {
            headers.append(
                ("X-Hub-Signature-256", try HMACSignature.github.sign(body, secret: Array(Self.secret.utf8))))
        }
        return inbox.receive(endpoint: endpoint, headers: headers, body: body)
    }

    private func isAccepted(_ answer: InboxAnswer) -> Bool {
        if case .accepted = answer { true } else { false }
    }

    @Test func `who sends more than a webhook takes is told when to come again, and nothing is stored`() throws {
        #expect(isAccepted(try send(.trigger("slow"))))
        #expect(isAccepted(try send(.trigger("slow"))))
        #expect(try send(.trigger("slow")) == .limited(retryAfter: 5))
        fixture.clock.advance(.seconds(3))
        #expect(try send(.trigger("slow")) == .limited(retryAfter: 2))
        #expect(try fixture.reader.events().items.count == 2)
        #expect(isAccepted(try send(.trigger("free"))), "each webhook has a limit of its own")
        fixture.clock.advance(.seconds(2))
        #expect(isAccepted(try send(.trigger("slow"))))
        #expect(fixture.metrics.snapshot.eventsRefused == [.limited: 2])
    }

    @Test func `who was renamed has taken what came under the former name`() throws {
        #expect(isAccepted(try send(.trigger("slow"))))
        #expect(isAccepted(try send(.trigger("slow"))))
        #expect(isAccepted(try send(.repository("site"))))
        try fixture.apply(
            Self.manifests.replacing("{name: slow}", with: "{name: swift, renamedFrom: slow}")
                .replacing("{name: site}", with: "{name: page, renamedFrom: site}"))
        #expect(try send(.trigger("swift")) == .limited(retryAfter: 5))
        #expect(try send(.trigger("slow")) == .limited(retryAfter: 5), "by its former name")
        #expect(try send(.repository("page")) == .limited(retryAfter: 3_600))
        try fixture.apply(
            Self.manifests.replacing("{name: slow}", with: "{name: swifter, renamedFrom: swift}")
                .replacing("{name: site}", with: "{name: page}")
                + "\n---\n"
                + RuntimeFixture.trigger(
                    "slow", agent: "other",
                    "webhook: {source: github, secret: {env: OTHER}, rateLimit: {requests: 2, per: 10s}}"))
        #expect(try send(.trigger("swifter")) == .limited(retryAfter: 5))
        #expect(isAccepted(try send(.trigger("slow"))), "another one has the name")
    }

    @Test func `the webhook of a repository has its limit, too`() throws {
        #expect(isAccepted(try send(.repository("site"))))
        #expect(try send(.repository("site")) == .limited(retryAfter: 3_600))
    }

    @Test func `requests without a right signature use up nothing`() throws {
        for _ in 1...20 { #expect(try send(.trigger("slow"), signed: false) == .unauthorized) }
        #expect(isAccepted(try send(.trigger("slow"))))
        #expect(fixture.metrics.snapshot.unverified == ["trigger/slow": 20])
    }

    /// CloudEvents with these ids, in one request.
    private func batch(_ ids: [String]) -> InboxAnswer {
        let events = ids.map { #"{"specversion":"1.0","id":"\#($0)","source":"/s","type":"a.b"}"# }
        return inbox.receive(
            endpoint: .trigger("batch"),
            headers: [
                ("Authorization", "Bearer \(Self.secret)"),
                ("Content-Type", "application/cloudevents-batch+json"),
            ],
            body: Array("[\(events.joined(separator: ","))]".utf8))
    }

    @Test func `each event of a batch counts`() throws {
        guard case .acceptedBatch = batch(["a", "b"]) else { throw Invalid(description: "not accepted") }
        guard case .limited = batch(["c", "d"]) else { throw Invalid(description: "not limited") }
        #expect(try fixture.reader.events().items.count == 2)
        // A batch that is larger than the limit goes when nothing else was sent for a while.
        fixture.clock.advance(.seconds(10))
        guard case .acceptedBatch = batch(["e", "f", "g", "h", "i"]) else { throw Invalid(description: "stuck") }
    }

    @Test("a queue that is full is told with 503, and nothing is stored (fault F118)")
    func fullQueue() throws {
        for number in 1...8 { #expect(isAccepted(try send(.trigger("free"), id: "id-\(number)"))) }
        #expect(
            try send(.trigger("free"), id: "id-9")
                == .full(
                    "8 runs wait, and no more than 8 may (--max-queue): send it again later"))
        #expect(try fixture.reader.events().items.count == 8)
        guard case .duplicate = try send(.trigger("free"), id: "id-1") else { throw Invalid(description: "not known") }
        #expect(fixture.metrics.snapshot.eventsRefused == [.queueFull: 1])
        #expect(fixture.metrics.snapshot.queueFull == ["all": 1])
        _ = try fixture.store.claim(
            now: fixture.clock.now(), owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 9 })
        #expect(isAccepted(try send(.trigger("free"), id: "id-9")))
    }

    @Test func `an agent whose queue is full is told so, and others go on`() throws {
        try fixture.apply(
            Self.manifests.replacing("limits: {concurrency: 2}", with: "limits: {concurrency: 2, queue: 1}"))
        #expect(isAccepted(try send(.trigger("free"))))
        guard case .full = try send(.trigger("free")) else { throw Invalid(description: "not full") }
        #expect(isAccepted(try send(.trigger("slow"))))
    }

    @Test func `a tool whose queue is full is told so, and others go on`() throws {
        #expect(isAccepted(try send(.trigger("tool"))))
        #expect(isAccepted(try send(.trigger("tool"))))
        #expect(
            try send(.trigger("tool"))
                == .full(
                    "2 runs of tool post wait, and no more than 2 may (limits.queue): send it again later"))
        #expect(fixture.metrics.snapshot.queueFull == ["tool/post": 1])
        #expect(isAccepted(try send(.trigger("free"))))
    }

    @Test func `what is not stored uses up nothing of the limit`() throws {
        try fixture.apply(
            Self.manifests.replacing("limits: {concurrency: 2}", with: "limits: {concurrency: 2, queue: 1}"))
        #expect(isAccepted(try send(.trigger("slow"), id: "one")))
        for _ in 1...5 {
            guard case .full = try send(.trigger("slow")) else { throw Invalid(description: "not full") }
            guard case .duplicate = try send(.trigger("slow"), id: "one") else { throw Invalid(description: "new") }
            guard case .conflict = try send(.trigger("slow"), id: "one", body: "[]") else {
                throw Invalid(description: "no conflict")
            }
        }
        _ = try fixture.store.claim(
            now: fixture.clock.now(), owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 9 })
        #expect(isAccepted(try send(.trigger("slow"))))
        #expect(try send(.trigger("slow")) == .limited(retryAfter: 5))
    }

    @Test func `a batch that is not stored uses up nothing, and one that is new in part as much as is new`() throws {
        guard case .accepted = batch(["a"]) else { throw Invalid(description: "refused") }
        guard case .acceptedBatch = batch(["a", "b"]) else { throw Invalid(description: "refused") }
        guard case .duplicate = batch(["b"]) else { throw Invalid(description: "new") }
        guard case .accepted = batch(["c"]) else { throw Invalid(description: "refused") }
        guard case .limited = batch(["d"]) else { throw Invalid(description: "not limited") }
    }

    @Test func `who repeats what came before is told to wait after ten times as much as is taken`() throws {
        #expect(isAccepted(try send(.trigger("slow"), id: "one")))
        for number in 1...20 {
            // The same id with another body was not told either, and looking for it costs the same.
            let answer = try send(.trigger("slow"), id: "one", body: number.isMultiple(of: 2) ? "{}" : "[]")
            switch answer {
            case .duplicate, .conflict: break
            default: Issue.record("\(answer)")
            }
        }
        #expect(try send(.trigger("slow"), id: "one") == .repeated(retryAfter: 1))
        #expect(isAccepted(try send(.trigger("free"), id: "one")), "each webhook has a bound of its own")
        #expect(fixture.metrics.snapshot.eventsRefused[.repeated] == 1)
        #expect(log.lines.last?.message.contains("what came before") == true)
        fixture.clock.advance(.seconds(10))
        #expect(isAccepted(try send(.trigger("slow"), id: "two")))
        for _ in 1...20 {
            guard case .duplicate = try send(.trigger("slow"), id: "two") else { throw Invalid(description: "new") }
        }
        #expect(try send(.trigger("slow"), id: "two") == .repeated(retryAfter: 1))
    }

    @Test func `whoever repeats one delivery keeps no other one out`() throws {
        #expect(isAccepted(try send(.trigger("slow"), id: "one")))
        for _ in 1...200 { _ = try send(.trigger("slow"), id: "one") }
        guard case .repeated = try send(.trigger("slow"), id: "one") else { throw Invalid(description: "taken") }
        #expect(isAccepted(try send(.trigger("slow"), id: "two")))
        #expect(try send(.trigger("slow"), id: "three") == .limited(retryAfter: 5))
        fixture.clock.advance(.seconds(10))
        for _ in 1...20 { _ = try send(.trigger("slow"), id: "one") }
        // Its first repetition is not known as one: who sends it may have heard nothing the first time.
        guard case .duplicate = try send(.trigger("slow"), id: "two") else { throw Invalid(description: "new") }
        guard case .repeated = try send(.trigger("slow"), id: "two") else { throw Invalid(description: "taken") }
    }

    @Test func `each repeated event of a batch counts`() throws {
        guard case .acceptedBatch = batch(["a", "b", "c"]) else { throw Invalid(description: "not accepted") }
        fixture.clock.advance(.seconds(10))
        for _ in 1...10 {
            guard case .duplicateBatch = batch(["a", "b", "c"]) else { throw Invalid(description: "new") }
        }
        #expect(batch(["a"]) == .repeated(retryAfter: 1))
        guard case .acceptedBatch = batch(["a", "d"]) else { throw Invalid(description: "one of it is new") }
    }

    @Test("a flood of bad requests writes a line a minute, which says how many were left out (fault F104)")
    func quietLog() throws {
        for _ in 1...50 { _ = try send(.trigger("slow"), signed: false) }
        _ = try send(.trigger("free"), signed: false)
        #expect(log.lines.map(\.endpoint) == ["trigger/slow", "trigger/free"])
        fixture.clock.advance(.seconds(61))
        for _ in 1...50 { _ = try send(.trigger("slow"), signed: false) }
        #expect(log.lines.map(\.omitted) == ["", "", "49"])
    }

    @Test func `two signatures are said to be two, and none to be none`() throws {
        let signature = ("X-Hub-Signature-256", try HMACSignature.github.sign([], secret: Array(Self.secret.utf8)))
        #expect(
            inbox.receive(endpoint: .trigger("slow"), headers: [signature, signature], body: []) == .unauthorized)
        #expect(inbox.receive(endpoint: .trigger("free"), headers: [], body: []) == .unauthorized)
        #expect(log.lines.first?.message.contains("signature's header more than once") == true)
        #expect(log.lines.last?.message.contains("no signature") == true)
    }
}

/// What was logged at `notice` and above.
private final class LogRecord: LogHandler {
    struct Line: Sendable {
        let message: String
        let endpoint: String
        let omitted: String
    }

    private let record = Mutex<[Line]>([])

    var lines: [Line] { record.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .notice }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let line = Line(
            message: "\(event.message)",
            endpoint: event.metadata?["endpoint"].map { "\($0)" } ?? "",
            omitted: event.metadata?["omitted"].map { "\($0)" } ?? "")
        record.withLock { $0.append(line) }
    }
}
