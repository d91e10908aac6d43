import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import State

/// Answers the command line on a Unix socket while `serve` holds the state (DESIGN.md rule 12).
package struct ControlServer: Service {
    /// An input of 1 MiB can be several times as long when it is written as JSON.
    private static let longestBody = 4 << 20

    private let socket: ControlSocket
    private let table: RouteTable
    private let logger: Logger
    private let onListening: @Sendable () async -> Void

    /// - Parameter store: for what operators change by hand; without it the socket only runs and shows
    package init(
        socket: ControlSocket, source: StateSource, runs: any ManualRunning, store: StateStore? = nil,
        replays: (any EventReplaying)? = nil, logger: Logger,
        onListening: @escaping @Sendable () async -> Void = {}
    ) {
        self.socket = socket
        self.logger = logger
        self.onListening = onListening
        let operations = store.map { store in
            OperatorRoutes(store: store, source: source).routes
                + WorkRoutes(store: store, source: source, replays: replays).routes
        }
        let routes = ControlRoutes(source: source, runs: runs, operations: operations ?? []).routes
        table = RouteTable(routes: routes.map(ControlDeadline.checked))
    }

    package func run() async throws {
        guard socket.isPossible else {
            // Everything but the command line's requests works without it.
            logger.warning(
                "the path is too long for a control socket: `writ run` cannot reach this process; see --state",
                metadata: ["path": "\(socket.path)"])
            await onListening()
            return try await gracefulShutdown()
        }
        try socket.prepare()
        defer { socket.remove() }
        var limits = ServerLimits()
        limits.body = Self.longestBody
        let listener = Listener(
            address: .unixDomainSocket(path: socket.draft), isOnNetwork: false,
            responder: Responder(
                table: table, guardian: Guardian(rule: .everybody), limits: limits, logger: logger),
            onListening: { [socket, logger, onListening] channel in
                do {
                    try socket.publish()
                    await onListening()
                } catch {
                    logger.error("the command line cannot reach this process", metadata: ["error": "\(error)"])
                    channel.close(promise: nil)
                }
            })
        do {
            try await listener.run()
        } catch let error as IOError {
            throw ServerError(
                .controlSocket, "the control socket \(socket.path) cannot be made", underlying: error.description)
        }
    }
}
