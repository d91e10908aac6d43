/// What the operator decides about the server.
package struct ServerSettings: Sendable {
    package var host: String
    /// 0 for any free one.
    package var port: Int
    package var token: AccessToken?
    /// Of writ, for metrics and pages.
    package var version: String
    package var limits: ServerLimits

    package init(
        host: String = "127.0.0.1", port: Int = 8_080, token: AccessToken? = nil, version: String,
        limits: ServerLimits = ServerLimits()
    ) {
        self.host = host
        self.port = port
        self.token = token
        self.version = version
        self.limits = limits
    }
}

/// What one client may ask of the server (faults F112, F115, F117).
package struct ServerLimits: Sendable, Hashable {
    /// Bytes of a body.
    package var body = 1 << 20
    /// Bytes of all header fields.
    package var headers = 32 << 10
    package var headerCount = 100
    /// For a request's head to come, and between two requests of a connection.
    package var headDeadline: Duration = .seconds(10)
    /// For a body to come.
    package var bodyDeadline: Duration = .seconds(30)
    /// For an answer to be taken.
    package var answerDeadline: Duration = .seconds(30)
    package var connections = 1_024

    package init() {}
}
