import Apply
import AsyncHTTPClient
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import Spec
import Values

/// Talks to a running `writ serve` through its control socket.
package struct ControlClient: Sendable {
    private let socket: ControlSocket
    private static let longestAnswer = 32 << 20
    private let patience: Duration

    package init(_ socket: ControlSocket) {
        self.init(socket, patience: ControlDeadline.patience)
    }

    /// - Parameter patience: how long to wait for what is done at once
    init(_ socket: ControlSocket, patience: Duration) {
        self.socket = socket
        self.patience = patience
    }

    /// Runs an agent or a trigger and waits for the end of the run, however long that is.
    ///
    /// - Returns: the run with input, attempts, steps and deliveries, as `GET /api/v1/runs/{id}` shows it
    package func run(_ target: String, input: JSON?) async throws(ServerError) -> JSON {
        var body: JSONMembers = ["target": .string(target)]
        body["input"] = input
        return try await send("POST", "/run", .object(body), until: .distantFuture)
    }

    /// Takes back what was planned; refused where something else would happen by now.
    ///
    /// - Parameter plan: the digest of what was shown
    /// - Returns: the number of the new revision
    package func undo(_ target: UndoTarget, plan: Digest, actor: String) async throws(ServerError) -> Int {
        var body: JSONMembers = ["plan": .string(plan.text), "actor": .string(actor)]
        switch target {
        case .revision(let number): body["revision"] = .number(JSONNumber(number))
        case .resource(let id): body["resource"] = ["kind": .string(id.kind.rawValue), "name": .string(id.name)]
        }
        guard let number = try await send("POST", "/undo", .object(body))["revision"]?.int else {
            throw ServerError(.badAnswer, "what answers on \(socket.path) is not this version of writ")
        }
        return number
    }

    /// What `GET /api/v1/status` shows.
    package func status() async throws(ServerError) -> JSON { try await send("GET", "/status", nil) }

    /// - Parameter deadline: of the answer: `nil` for a minute from now. What was not begun by then is not done.
    func send(
        _ method: String, _ path: String, _ body: JSON?, until deadline: NIODeadline? = nil
    ) async throws(ServerError) -> JSON {
        var request = HTTPClientRequest(url: "http+unix://\(PercentEncoding.encode(socket.path))\(path)")
        request.method = .RAW(value: method)
        if let body { request.body = .bytes(ByteBuffer(string: body.writtenText)) }
        let wanted = NIODeadline.now() + TimeAmount(patience)
        request.headers.add(name: ControlDeadline.header, value: String(wanted.uptimeNanoseconds))
        let status: Int
        let bytes: [UInt8]
        do {
            (status, bytes) = try await Self.exchange(request, until: deadline ?? wanted)
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw ServerError(
                .notServing,
                "what serves on \(socket.path) has not answered for \(patience.components.seconds) s, and may"
                    + " still do what it was asked to: see whether `writ serve` hangs")
        } catch {
            throw ServerError(
                .notServing, "nobody answers on \(socket.path): see whether `writ serve` still runs",
                underlying: "\(error)")
        }
        guard let answer = try? JSON(parsing: bytes, limits: JSONLimits(depth: 128, bytes: Self.longestAnswer)) else {
            throw ServerError(.badAnswer, "what answers on \(socket.path) is not this version of writ")
        }
        guard (200..<300).contains(status) else {
            throw ServerError(.refused, answer["detail"]?.string ?? "`writ serve` answered with status \(status)")
        }
        return answer
    }

    private static func exchange(
        _ request: HTTPClientRequest, until deadline: NIODeadline
    ) async throws -> (Int, [UInt8]) {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(5)))
        configuration.redirectConfiguration = .disallow
        // A socket on this machine is there or is not.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(request, deadline: deadline)
            let body = try await response.body.collect(upTo: longestAnswer)
            try await client.shutdown()
            return (Int(response.status.code), Array(body.readableBytesView))
        } catch {
            try await client.shutdown()
            throw error
        }
    }
}
