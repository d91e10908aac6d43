import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP server on 127.0.0.1 whose answers a test writes byte by byte, wrong ones included.
package final class HTTPTestServer: Sendable {
    package typealias Answer = @Sendable (HTTPTestRequest) -> HTTPTestReply

    package let port: Int
    private let channel: any Channel
    private let record: RequestRecord

    /// `http://127.0.0.1:PORT`.
    package var url: String { "http://127.0.0.1:\(port)" }
    /// What has arrived until now, in order.
    package var requests: [HTTPTestRequest] { record.all }

    private init(channel: any Channel, port: Int, record: RequestRecord) {
        self.channel = channel
        self.port = port
        self.record = record
    }

    /// `HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in … }`.
    package static func answering(_ answer: @escaping Answer) -> Setup {
        Setup(answer: answer)
    }

    package struct Setup: Sendable {
        let answer: Answer

        /// Runs `body` with a server, and stops the server after it.
        package func run<Result: Sendable>(
            _ body: @Sendable (HTTPTestServer) async throws -> Result
        ) async throws -> Result {
            let server = try await HTTPTestServer.start(answer)
            let result: Result
            do {
                result = try await body(server)
            } catch {
                try? await server.stop()
                throw error
            }
            try await server.stop()
            return result
        }
    }

    package static func start(_ answer: @escaping Answer) async throws -> HTTPTestServer {
        let record = RequestRecord()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder))
                    try channel.pipeline.syncOperations.addHandler(ReplyHandler(record: record, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return HTTPTestServer(channel: channel, port: channel.localAddress?.port ?? 0, record: record)
    }

    package func stop() async throws {
        try await channel.close()
    }
}

/// Requests in the order of their arrival.
final class RequestRecord: Sendable {
    private let requests = Mutex<[HTTPTestRequest]>([])

    var all: [HTTPTestRequest] { requests.withLock { $0 } }

    func append(_ request: HTTPTestRequest) {
        requests.withLock { $0.append(request) }
    }
}
