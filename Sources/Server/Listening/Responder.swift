import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import State

/// The connection that a request came by.
struct ConnectionContext: InitializableFromSource, Sendable {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}

/// Finds the route of a request, checks who asks, and writes the answer.
struct Responder: HTTPResponder {
    let table: RouteTable
    let guardian: Guardian
    let limits: ServerLimits
    let logger: Logger
    private let closing = ClosingConnections()

    init(table: RouteTable, guardian: Guardian, limits: ServerLimits, logger: Logger) {
        self.table = table
        self.guardian = guardian
        self.limits = limits
        self.logger = logger
    }

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        guard !closing.contains(context.channel) else {
            try? await context.channel.close()
            return Response(status: .badRequest)
        }
        let body = BodyReader(request, context.channel, limits)
        let answer = try await answer(request, body)
        logger.debug(
            "request",
            metadata: [
                "method": "\(request.method.rawValue.prefix(16))", "path": "\(request.uri.path.prefix(200))",
                "status": .stringConvertible(answer.status.code),
            ])
        return response(answer, to: request, context.channel, isLast: body.leavesRest)
    }

    private func answer(_ request: Request, _ body: BodyReader) async throws -> Answer {
        do {
            // Whoever else reads it may see another length (fault F116).
            if let encoding = request.headers[.transferEncoding], encoding.lowercased() != "chunked" {
                throw Problem(400, "send the body as it is or in chunks: no other Transfer-Encoding is read")
            }
            let match = try table.match(request.method, request.uri.path)
            if match.route.access == .guarded { try guardian.check(request.head) }
            let call = Call(
                method: request.method, parameters: match.parameters, query: try Query(request.uri.query),
                headers: request.headers, body: { try await body.read() })
            return try await match.route.handler(call)
        } catch let problem as Problem {
            return problem.answer
        } catch let error as StateError {
            return answer(to: error)
        } catch  where !body.isBroken {
            logger.error("a request failed", metadata: ["error": "\(error)"])
            return Problem(500, "something went wrong inside; the log says what").answer
        }
    }

    private func answer(to error: StateError) -> Answer {
        if error.code == .badCursor { return Problem(400, error.message).answer }
        logger.error("the state cannot be used", metadata: ["error": "\(error)"])
        // What to do about that concerns whoever asks, and tells nothing of what is stored.
        if error.code == .full { return Problem(503, error.message, retryAfter: 10).answer }
        return Problem(503, "the state cannot be used now; the log says why", retryAfter: 10).answer
    }

    /// - Parameter isLast: whether the connection ends with this answer
    private func response(
        _ answer: Answer, to request: Request, _ channel: any Channel, isLast: Bool
    ) -> Response {
        var headers = answer.headers
        headers[.contentLength] = String(answer.body.count)
        if isLast {
            headers[.connection] = "close"
            closing.add(channel)
        }
        let bytes = request.method == .head ? [] : answer.body
        let deadline = TimeAmount(limits.answerDeadline)
        let body = ResponseBody(contentLength: answer.body.count) { writer in
            let stalled = channel.eventLoop.scheduleTask(in: deadline) { channel.close(promise: nil) }
            defer { stalled.cancel() }
            if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
            try await writer.finish(nil)
            guard isLast else { return }
            // Closing at once would reset the connection before the client has read the answer (RFC 9112, 9.6).
            channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        }
        return Response(status: answer.status, headers: headers, body: body)
    }
}
