import HTTPTestSupport
import Outbound
import TestSupport
import Testing
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A running `writ serve`. Killed when the last reference goes.
struct ServeProcess: Sendable {
    let process: ChildProcess
    let port: Int
    /// Stays as long as the process.
    private let fleet: Fleet

    /// On any free port; returns when it listens.
    static func start(_ arguments: [String], on fleet: Fleet) async throws -> ServeProcess {
        let (process, port) = try await begin(arguments, on: fleet)
        return ServeProcess(
            process: process, port: try #require(port, "`writ serve` ended: \(process.stderr)"), fleet: fleet)
    }

    /// The same where it may end before it listens; nil then.
    static func startUnlessItEnds(_ arguments: [String], on fleet: Fleet) async throws -> ServeProcess? {
        let (process, port) = try await begin(arguments, on: fleet)
        return port.map { ServeProcess(process: process, port: $0, fleet: fleet) }
    }

    private static func begin(_ arguments: [String], on fleet: Fleet) async throws -> (ChildProcess, port: Int?) {
        let process = try WritBinary.start(
            ["serve", "--listen", "127.0.0.1:0"] + arguments, environment: fleet.environment,
            in: fleet.repository.path)
        var port: Int?
        try await waitUntil("`writ serve` listens", timeout: .seconds(60)) {
            port = lines(process.stderr).first { $0["message"]?.string == "listening" }?["port"]?.int
            return port != nil || process.exitStatus != nil
        }
        return (process, port)
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Its log: an object a line.
    var log: [JSON] { Self.lines(process.stderr) }

    private static func lines(_ text: String) -> [JSON] {
        text.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
    }

    /// Says how the service fared where `body` does not end well.
    func orItsLog<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch {
            let state = process.exitStatus.map { "it ended with \($0)" } ?? "it goes on"
            Issue.record("\(error); \(state), and said last: \(process.stderr.suffix(20_000))")
            throw error
        }
    }

    /// Waits for a message in the log, for the `count`th time.
    func logged(_ message: String, count: Int = 1) async throws {
        do {
            try await waitUntil("the message \(message)") {
                log.count { $0["message"]?.string?.contains(message) == true } >= count
            }
        } catch {
            Issue.record("\(message) was not logged: \(process.stderr)")
            throw error
        }
    }

    func get(_ path: String) async throws -> HTTPReply { try await HTTPCall.send("GET", url + path) }

    func json(_ path: String) async throws -> JSON {
        let reply = try await get(path)
        try #require(reply.status == 200, "\(path) answers \(reply.status) \(reply.text)")
        return try JSON(parsing: reply.text)
    }

    /// All runs, newest first.
    func runs() async throws -> [JSON] { try await json("/api/v1/runs")["items"]?.array ?? [] }

    /// Waits until the only run is in a state, and returns it with its details.
    func onlyRun(_ state: String) async throws -> JSON {
        var runs: [JSON] = []
        do {
            try await waitUntil("the run \(state)") {
                runs = try await self.runs()
                return runs.first?["state"]?.string == state
            }
        } catch {
            Issue.record("no run \(state): \(runs) \(process.stderr)")
            throw error
        }
        try #require(runs.count == 1, "\(runs)")
        return try await json("/api/v1/runs/\(runs.first?["id"]?.string ?? "")")
    }

    /// Sends what GitHub would send.
    func sendPullRequest(
        _ body: [UInt8], to path: String, secret: String, delivery: String
    ) async throws -> HTTPReply {
        try await send(
            body, to: path, delivery: delivery,
            signature: try HMACSignature.github.sign(body, secret: Array(secret.utf8)))
    }

    func send(
        _ body: [UInt8], to path: String, event: String = "pull_request", delivery: String, signature: String?
    ) async throws -> HTTPReply {
        var headers = [
            ("Content-Type", "application/json"), ("X-GitHub-Event", event), ("X-GitHub-Delivery", delivery),
        ]
        if let signature { headers.append(("X-Hub-Signature-256", signature)) }
        return try await HTTPCall.send("POST", url + path, headers: headers, body: body)
    }

    /// Ends it as a service manager does, and returns its exit status.
    func terminate() async throws -> Int32 {
        process.send(SIGTERM)
        return try await process.wait()
    }

    /// Ends it as a crash does.
    func crash() async throws {
        process.send(SIGKILL)
        _ = try await process.wait()
    }
}
