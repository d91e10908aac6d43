import Logging
import Runtime
import Server
import ServiceLifecycle
import Spec
import State
import Synchronization
import UnixSignals
import Values

/// The server with its inbox, for a client of another process: all of the way of a webhook, from the signature to the
/// event and its run on the disk; or the same with the write alone taken out. Nothing works off the runs.
enum InboxBenchmark {
    static func run(port: Int, isWriting: Bool) async throws {
        let state = try BenchmarkState()
        defer { state.remove() }
        try state.apply([
            BenchmarkState.provider, BenchmarkState.agent("agent-0"),
            BenchmarkState.manifest(
                "Trigger", "on-push",
                [
                    "agent": "agent-0",
                    "webhook": [
                        "source": "github", "secret": ["env": "HOOK"],
                        "rateLimit": ["requests": 1_000_000_000, "per": "1s"],
                    ],
                ]),
        ])
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let inbox = Inbox(
            store: state.store, catalogs: AppliedCatalog(state.store.reader, now: BenchmarkState.now),
            secrets: { _ in "It's a Secret to Everybody" }, clock: SystemClock(BenchmarkState.now),
            metrics: RuntimeMetrics(), logger: logger, queueLimit: 100_000_000,
            events: isWriting ? nil : Unwritten())
        let source = StateSource(reader: state.store.reader, zones: BenchmarkState.zones, now: BenchmarkState.now)
        let server = WritServer(
            settings: ServerSettings(host: "127.0.0.1", port: port, token: nil, version: "bench"), source: source,
            hooks: Hooks(inbox: inbox), logger: logger,
            onListening: { _, port in RuntimeBenchmark.tell("listening", Double(port)) })
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }
}

/// Takes everything and stores nothing.
private final class Unwritten: EventStoring {
    private let identifiers = IdentifierGenerator(
        now: { BenchmarkState.now().milliseconds }, random: { UInt64.random(in: .min ... .max) })

    func accept(_ arrivals: [Arrival], at place: AnswerPlace?, then: @escaping @Sendable (GroupCommit.Outcome) -> Void)
    {
        let outcome = GroupCommit.Outcome.success(
            arrivals.map { arrival in
                .success(
                    .accepted(event: identifiers.next("evt"), runs: arrival.runs.map { _ in identifiers.next("run") }))
            })
        guard let place else { return then(outcome) }
        place.put { then(outcome) }
    }
}

private struct Hooks: HookReceiving {
    let inbox: Inbox

    func receive(
        _ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8]
    ) async -> HookAnswer {
        guard case .trigger(let name) = endpoint else { return .unknown }
        return answer(
            await inbox.receiveTogether(
                endpoint: .trigger(name), headers: headers.map { ($0.name, $0.value) }, body: body))
    }

    func receive(
        _ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8], at place: AnswerPlace,
        then: @escaping @Sendable (HookAnswer) -> Void
    ) {
        guard case .trigger(let name) = endpoint else { return place.put { then(.unknown) } }
        inbox.receiveTogether(
            endpoint: .trigger(name), headers: headers.map { ($0.name, $0.value) }, body: body, at: place
        ) { then(answer($0)) }
    }

    private func answer(_ answer: InboxAnswer) -> HookAnswer {
        switch answer {
        case .accepted(let event): .accepted(event: event)
        case .duplicate(let event): .duplicate(event: event)
        case .unauthorized: .unauthorized
        default: .unavailable("\(answer)")
        }
    }
}
