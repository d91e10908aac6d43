import ArgumentParser
import Logging
import Outbound
import Runtime
import Server
import ServiceLifecycle
import State
import UnixSignals
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Follow the branch and run what it asks for: schedules, webhooks, agents.",
        discussion: """
            Applies new commits, keeps the last good revision when one is bad, and answers webhooks, the API and a \
            dashboard. SIGTERM lets running work finish within --grace; a second one ends at once.
            """)

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var signers: SignerOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var options: ServeOptions
    @OptionGroup var secrets: SecretOptions

    func run() async throws {
        let settings = try options.settings()
        let queueLimit = try options.queueLimit()
        let registrar = try options.registrar()
        try secrets.check()
        // A mistake of the operator is told now, and not at the next commit.
        if let file = signers.file { _ = try SignatureCheck.keys(in: file) }
        let interval = try DurationArgument.chosen(options.interval, "WRIT_INTERVAL", .seconds(30))
        let grace = try DurationArgument.chosen(options.grace, "WRIT_GRACE", .seconds(30))
        let limits = try options.workLimits(grace: grace)
        // With --state, a repository that cannot be read now does not keep what is applied from running.
        let path = try RecordedState.path(source, state)
        try options.startLogging()
        if let remote = try RemoteSource(source) {
            if state.file == nil { StatePlace(remote.url).prepare() }
        } else if let configuration = try? Configuration(source) {
            configuration.prepareStatePlace(state)
        }
        let store = try StateAccess.store(at: path, command: "writ serve")
        store.onDiskFailure { error in
            Logger(label: "writ.serve").critical("the disk failed; ending at once, start again: \(error)")
            // No more than a crash, which loses nothing that was acknowledged. Ending in order would have to write.
            _exit(1)
        }
        let engine = Engine(store, secrets: secrets)
        let result: Result<Void, any Error>
        do {
            try await group(
                engine, settings, registrar, path, limits, queueLimit: queueLimit, interval: interval
            ).run()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await engine.client.shutdown()
        try store.close()
        try result.get()
        Logger(label: "writ.serve").notice("stopped")
    }

    /// Services end in the reverse order: no more requests first, running work last. Nothing is applied, fired or
    /// worked on before the address is ours; a first start that fails leaves no more than an empty state.
    private func group(
        _ engine: Engine, _ settings: ServerSettings, _ registrar: RegistrarSettings, _ path: String,
        _ limits: WorkLimits,
        queueLimit: Int, interval: Duration
    ) -> ServiceGroup {
        let logger = Logger(label: "writ.serve")
        let grace = limits.grace
        let metrics = engine.metrics
        let reader = engine.store.reader
        let state = StateSource(reader: reader, zones: SystemZones.database) { SystemTime.now() }
        let secretNews = SecretNews()
        let inbox = Inbox(
            store: engine.store, catalogs: engine.catalogs, secrets: engine.lookup, news: secretNews,
            clock: engine.clock, metrics: metrics, logger: Logger(label: "writ.inbox"), queueLimit: queueLimit)
        let queueFamily = MetricFamily(
            "writ_queue_limit", .gauge, "Runs that may wait before webhooks are refused.", Double(queueLimit))
        let runFamily = MetricFamily(
            "writ_run_limit", .gauge, "Runs that may go on at the same time.", Double(limits.concurrency))
        let gate = Gate()
        func opened(_ service: any Service) -> any Service { GatedService(service: service, gate: gate) }
        let services: [any Service] = [
            SecondSignal(),
            opened(
                Deliveries(
                    store: engine.store, catalogs: engine.catalogs, client: engine.client, secrets: engine.lookup,
                    clock: engine.clock, owner: engine.owner,
                    limits: WorkLimits(concurrency: 8, grace: grace), circuits: engine.circuits,
                    random: Engine.random, metrics: metrics, logger: Logger(label: "writ.deliveries"))),
            opened(CircuitRecord(engine.circuits, store: engine.store, logger: Logger(label: "writ.outbound"))),
            opened(Workers(engine.worker(engine.executor), owner: engine.owner, limits: limits)),
            opened(
                Scheduler(
                    store: engine.store, catalogs: engine.catalogs, zones: SystemZones.database, clock: engine.clock,
                    metrics: metrics, logger: Logger(label: "writ.schedules"))),
            opened(
                Reactions(
                    store: engine.store, catalogs: engine.catalogs, clock: engine.clock,
                    logger: Logger(label: "writ.reactions"))),
            opened(Cleaner(store: engine.store, clock: engine.clock, logger: Logger(label: "writ.retention"))),
            opened(
                Registrar(
                    store: engine.store, catalogs: engine.catalogs, client: engine.client, secrets: engine.lookup,
                    settings: registrar, clock: engine.clock, random: Engine.random,
                    logger: Logger(label: "writ.registrar"))),
            opened(
                SecretWatch(
                    store: engine.store, catalogs: engine.catalogs, secrets: engine.lookup, news: secretNews,
                    clock: engine.clock, logger: Logger(label: "writ.inbox"))),
            opened(SpaceWatch(store: engine.store, clock: engine.clock, logger: Logger(label: "writ.state"))),
            opened(LogAlarm(reader: reader, logger: Logger(label: "writ.state"))),
            opened(
                ReconcileLoop(
                    reconciliation: Reconciliation(
                        repository: source, signers: signers, branch: options.followed, store: engine.store,
                        logger: Logger(label: "writ.reconcile"), now: { SystemTime.now() }),
                    interval: interval)),
            ControlServer(
                socket: ControlSocket(besideStateAt: path), source: state, runs: engine.manualRuns,
                store: engine.store, replays: engine.replays, logger: Logger(label: "writ.control")),
            WritServer(
                settings: settings, source: state, hooks: inbox,
                metrics: { metrics.snapshot.families + [queueFamily, runFamily] + engine.circuits.families },
                logger: Logger(label: "writ.http"), onListening: { _, _ in gate.open() }),
        ]
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: $0, successTerminationBehavior: .ignore,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: EndingSignals.all, logger: logger)
        // Runs and deliveries end one after the other, each within its grace.
        configuration.maximumGracefulShutdownDuration = grace * 2 + .seconds(10)
        return ServiceGroup(configuration: configuration)
    }
}
