import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Values

/// Reads a request's body, at most so much of it and no longer than that.
final class BodyReader: Sendable {
    private enum Stage { case unread, reading, late, whole }

    private let request: Request
    private let channel: any Channel
    private let limits: ServerLimits
    private let stage = Mutex(Stage.unread)

    init(_ request: Request, _ channel: any Channel, _ limits: ServerLimits) {
        self.request = request
        self.channel = channel
        self.limits = limits
    }

    /// Whether there is something on the wire that nobody read: the connection must not be used again then.
    var leavesRest: Bool {
        guard stage.withLock({ $0 }) != .whole else { return false }
        return request.headers[.transferEncoding] != nil || (request.headers[.contentLength] ?? "0") != "0"
    }

    /// Whether reading was begun and came to no end: the connection is gone or what it carries is no HTTP.
    var isBroken: Bool { stage.withLock { $0 == .reading || $0 == .late } }

    func read() async throws -> [UInt8] {
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > limits.body { throw tooLarge }
        stage.withLock { $0 = .reading }
        // Whoever sends a byte now and then is cut off; what came by then is not taken for the whole (fault F115).
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(limits.bodyDeadline)) { [self] in
            stage.withLock { $0 = .late }
            channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        // Whoever asks whether it is wanted waits for a word, up to a second or for ever (RFC 9110, section 10.1.1). Who is
        // refused without it hears that instead.
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await channel.triggerUserOutboundEvent(ConnectionManners.Continue())
        }
        var bytes: [UInt8] = []
        if let declared { bytes.reserveCapacity(declared) }
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= limits.body else { throw tooLarge }
            bytes.append(contentsOf: part.readableBytesView)
        }
        if let declared, declared != bytes.count { throw Problem(400, "the body is not as long as it says") }
        let isLate = stage.withLock { stage in
            if stage == .reading { stage = .whole }
            return stage == .late
        }
        if isLate { throw Problem(408, "the body did not come in time") }
        return bytes
    }

    private var tooLarge: Problem { Problem(413, "the body is over \(limits.body) bytes") }
}
