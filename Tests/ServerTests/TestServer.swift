import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Server
import ServiceLifecycle
import Synchronization
import Values

/// A server on a free port, for as long as `body` runs.
func serving<Result: Sendable>(
    _ fixture: ServerFixture, token: String? = nil, limits: ServerLimits = ServerLimits(),
    hooks: any HookReceiving = FakeHooks(), metrics: @escaping @Sendable () -> [MetricFamily] = { [] },
    _ body: @escaping @Sendable (TestClient) async throws -> Result
) async throws -> Result {
    let settings = ServerSettings(
        port: 0, token: try token.map { try AccessToken($0) }, version: "1.2.3", limits: limits)
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let server = WritServer(
        settings: settings, source: fixture.source, hooks: hooks, metrics: metrics, logger: quiet,
        onListening: { _, number in port.yield(number) })
    return try await running(server) {
        for await number in ports { return try await body(TestClient(port: number, token: token)) }
        throw Missing()
    }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Runs a service while `body` runs, then shuts it down gracefully; throws what the service throws.
func running<Result: Sendable>(
    _ service: some Service, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: quiet))
    return try await withThrowingTaskGroup(of: Result?.self) { tasks in
        tasks.addTask {
            try await group.run()
            return nil
        }
        tasks.addTask {
            do {
                let result = try await body()
                await group.triggerGracefulShutdown()
                return result
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
        var result: Result?
        for try await one in tasks {
            if let one { result = one }
        }
        guard let result else { throw Missing() }
        return result
    }
}

struct TestAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let text: String

    var json: JSON? { try? JSON(parsing: text) }

    func header(_ name: String) -> String? { headers.first(name: name) }
}

struct TestClient: Sendable {
    let port: Int
    let token: String?

    func send(
        _ method: String = "GET", _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        signedIn: Bool = true
    ) async throws -> TestAnswer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .RAW(value: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let token, signedIn { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return TestAnswer(
            status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }

    func get(_ path: String, headers: [(String, String)] = [], signedIn: Bool = true) async throws -> TestAnswer {
        try await send("GET", path, headers: headers, signedIn: signedIn)
    }
}

/// Gives one answer to everything and remembers what it was given.
final class FakeHooks: HookReceiving {
    struct Received: Sendable {
        let endpoint: HookEndpoint
        let headers: [String: String]
        let body: [UInt8]
    }

    private let answer: HookAnswer
    private let record = Mutex<[Received]>([])

    init(_ answer: HookAnswer = .accepted(event: "evt_1")) { self.answer = answer }

    var received: [Received] { record.withLock { $0 } }

    func receive(
        _ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8]
    ) async -> HookAnswer {
        let pairs = headers.map { ($0.name.lowercased(), $0.value) }
        let received = Received(
            endpoint: endpoint, headers: Dictionary(pairs) { first, _ in first }, body: body)
        record.withLock { $0.append(received) }
        return answer
    }
}
