import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// A hummingbird server over a table of routes.
struct Listener: Sendable {
    let address: BindAddress
    /// Rather than a socket in the file system.
    let isOnNetwork: Bool
    let responder: Responder
    let onListening: @Sendable (any Channel) async -> Void
    /// Takes webhooks at the connection; without it they are requests like all others.
    var hooks: (any HookReceiving)?

    /// Returns when everything that was under way at the graceful shutdown is answered.
    func run() async throws {
        let isOnNetwork = isOnNetwork
        let limits = responder.limits
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = limits.headers
        decoder.maxHeaderListSize = limits.headers
        decoder.maxHeaderFieldCount = limits.headerCount
        // hummingbird tells of its own life; what we tell stands in our own words.
        var logger = responder.logger
        logger.logLevel = max(logger.logLevel, .warning)
        var channel = HTTP1Channel.Configuration(
            idleTimeout: TimeAmount(limits.headDeadline), httpDecoderConfiguration: decoder)
        if let hooks {
            let logger = responder.logger
            channel.additionalChannelHandlers = {
                [RequestDoor([ConnectionManners(isHostExpected: isOnNetwork), HookHandler(hooks, limits, logger)])]
            }
            // It watches over idle connections too, because it alone sees webhooks.
            channel.idleTimeout = nil
        } else {
            channel.additionalChannelHandlers = { [RequestDoor([ConnectionManners(isHostExpected: isOnNetwork)])] }
        }
        let application = Application(
            responder: responder, server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: address, availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: onListening, logger: logger)
        try await application.run()
    }
}
