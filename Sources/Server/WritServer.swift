import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// HTTP in: webhooks, API, dashboard, health and metrics.
package struct WritServer: Service {
    private let settings: ServerSettings
    private let table: RouteTable
    private let hooks: any HookReceiving
    private let logger: Logger
    private let onListening: @Sendable (_ host: String, _ port: Int) async -> Void

    /// - Parameters:
    ///   - hooks: takes what other services send
    ///   - metrics: what is counted in this process, beside what the state says
    ///   - salt: random hex digits, other ones each time, for the hashes of a baseline
    ///   - onListening: told the address once requests are answered; with port 0 this is how to know it
    package init(
        settings: ServerSettings, source: StateSource, hooks: any HookReceiving,
        metrics: @escaping @Sendable () -> [MetricFamily] = { [] },
        salt: @escaping @Sendable () -> String = BaselineRoutes.randomSalt, logger: Logger,
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void = { _, _ in }
    ) {
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
        self.hooks = hooks
        table = RouteTable(
            routes: HookRoutes(receiver: hooks).routes
                + HealthRoutes(source: source).routes
                + MetricRoutes(state: StateMetrics(source: source, version: settings.version), others: metrics).routes
                + ResourceRoutes(source: source).routes
                + HistoryRoutes(source: source).routes
                + BaselineRoutes(source: source, salt: salt).routes
                + DashboardRoutes(source: source, version: settings.version).routes)
    }

    package func run() async throws {
        try ListenPolicy.check(host: settings.host, token: settings.token)
        KeptMemory.keep()
        let listener = Listener(
            address: .hostname(settings.host, port: settings.port), isOnNetwork: true,
            responder: Responder(
                table: table,
                guardian: Guardian(rule: settings.token.map { .token($0) } ?? .loopbackNames),
                limits: settings.limits, logger: logger),
            onListening: { [settings, logger, onListening] channel in
                let port = channel.localAddress?.port ?? settings.port
                logger.info("listening", metadata: ["host": "\(settings.host)", "port": .stringConvertible(port)])
                await onListening(settings.host, port)
            }, hooks: hooks)
        do {
            try await listener.run()
        } catch let error as IOError {
            throw bindError(error)
        } catch {
            throw ServerError(.addressNotAvailable, "cannot listen on \(address)", underlying: "\(error)")
        }
    }

    private var address: String {
        settings.host.contains(":") ? "[\(settings.host)]:\(settings.port)" : "\(settings.host):\(settings.port)"
    }

    private func bindError(_ error: IOError) -> ServerError {
        switch error.errnoCode {
        case EADDRINUSE:
            ServerError(
                .addressInUse, "\(address) is in use: stop what listens there, or choose another with --listen")
        case EACCES, EPERM:
            ServerError(.permissionDenied, "\(address) may not be listened on: choose a port of 1024 or more")
        case EADDRNOTAVAIL:
            ServerError(.addressNotAvailable, "\(settings.host) is no address of this machine: see --listen")
        default:
            ServerError(.addressNotAvailable, "cannot listen on \(address)", underlying: error.description)
        }
    }
}
