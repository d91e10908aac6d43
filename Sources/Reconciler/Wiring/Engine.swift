import Agents
import Logging
import Outbound
import Runtime
import State
import Values

/// What running work needs, made once and shared by all parts of a process.
struct Engine {
    let store: StateStore
    let catalogs: AppliedCatalog
    let circuits: CircuitBreakers
    let client: OutboundClient
    let secrets: SecretResolver
    let clock: any RuntimeClock = SystemClock { SystemTime.now() }
    let metrics = RuntimeMetrics()
    /// No other start of writ has the same.
    let owner = IdentifierGenerator.system.next("own")

    init(_ store: StateStore, secrets options: SecretOptions) {
        self.store = store
        circuits = CircuitBreakers { SystemTime.now() }
        client = OutboundClient(circuits: circuits)
        catalogs = AppliedCatalog(store.reader, now: SystemTime.now)
        secrets = SecretResolver(environment: { Environment[$0] }, directory: options.directory)
    }

    static let random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    var lookup: SecretLookup {
        let secrets = secrets
        return { try secrets.resolve($0) }
    }

    var executor: RunExecutor {
        RunExecutor(
            client: client, secrets: secrets,
            providers: StandardProviders(client: client, now: { SystemTime.now() }), now: { SystemTime.now() },
            clock: .continuous, random: Self.random)
    }

    func worker(_ executor: any RunExecuting, label: String = "writ.runs") -> RunWorker {
        RunWorker(
            store: store, catalogs: catalogs, executor: executor, clock: clock, random: Self.random, metrics: metrics,
            logger: Logger(label: label), circuits: circuits)
    }

    var replays: Replays { Replays(store: store, catalogs: catalogs, clock: clock) }

    var manualRuns: ManualRuns { ManualRuns(store: store, catalogs: catalogs, clock: clock) }
}

extension RunExecutor: RunExecuting {}

/// The same, with each answer of a model written down.
struct RecordingExecutor: RunExecuting {
    let executor: RunExecutor
    let take: @Sendable (TranscriptLine) -> Void

    func execute(_ work: RunWork, recorder: any StepRecorder) async -> RunResult {
        await executor.execute(work, recorder: recorder, transcript: take)
    }
}
