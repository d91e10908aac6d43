import Foundation
@testable import Server
import State
import Synchronization
import TestSupport
import Testing
import Values

@Suite struct ControlTests {
    private func control<Result: Sendable>(
        _ fixture: ServerFixture, _ runs: any ManualRunning,
        _ body: @escaping @Sendable (ControlSocket) async throws -> Result
    ) async throws -> Result {
        let socket = ControlSocket(besideStateAt: fixture.statePath)
        let (ready, signal) = AsyncStream.makeStream(of: Void.self)
        let server = ControlServer(
            socket: socket, source: fixture.source, runs: runs, logger: quiet, onListening: { signal.yield() })
        return try await running(server) {
            for await _ in ready { return try await body(socket) }
            throw Missing()
        }
    }

    @Test func `runs what it is told and answers the run when it has ended`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let runs = FakeRuns { target, input in
            #expect(target == "agent/brief")
            #expect(input == ["topic": "tea"])
            return try fixture.finishedRun("Tea is fine.", trigger: nil)
        }
        let run = try await control(fixture, runs) { socket in
            try await ControlClient(socket).run("agent/brief", input: ["topic": "tea"])
        }
        #expect(run["state"] == "succeeded")
        #expect(run["output"] == "Tea is fine.")
        #expect(run["steps"]?.array?.count == 1)
    }

    @Test func `shows the status`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let status = try await control(fixture, FakeRuns { _, _ in "" }) { try await ControlClient($0).status() }
        #expect(status["revision"]?["number"] == 1)
        #expect(status["resources"]?["agents"] == 2)
        #expect(status["schedules"]?[0]?["nextFireAt"] == "2026-01-01T08:00:00Z")
    }

    @Test func `hands on why something is not run`() async throws {
        let runs = FakeRuns { _, _ in throw ManualRunRefusal(.notFound, "there is no agent nobody") }
        let error = try await control(ServerFixture(), runs) { socket in
            await #expect(throws: ServerError.self) { try await ControlClient(socket).run("nobody", input: nil) }
        }
        #expect(error == ServerError(.refused, "there is no agent nobody"))
    }

    @Test("fault D76: what a full disk refuses is told with what to do")
    func fullDisk() async throws {
        let full = "changing a run has to wait because the disk is full: free some space"
        let runs = FakeRuns { _, _ in throw StateError(.full, full) }
        let error = try await control(ServerFixture(), runs) { socket in
            await #expect(throws: ServerError.self) { try await ControlClient(socket).run("brief", input: nil) }
        }
        #expect(error?.message == full)
    }

    @Test func `what nobody waits for any more is not done`() async throws {
        let runs = FakeRuns { _, _ in
            Issue.record("it ran")
            return ""
        }
        let error = try await control(ServerFixture(), runs) { socket in
            // As it reads what came while it was stopped.
            await #expect(throws: ServerError.self) {
                try await ControlClient(socket, patience: .zero).run("agent/brief", input: nil)
            }
        }
        #expect(error?.code == .refused)
        #expect(error?.message.hasSuffix("nothing was done: ask again") == true)
    }

    @Test func `two states of one directory have two sockets`() {
        #expect(ControlSocket(besideStateAt: "/a/state.db").path == "/a/control.sock")
        #expect(ControlSocket(besideStateAt: "state.db").path == "./control.sock")
        #expect(ControlSocket(besideStateAt: "/a/fleet.db").path == "/a/fleet.db.control.sock")
    }

    @Test func `is its owner's alone, and gone afterwards`() async throws {
        let fixture = try ServerFixture()
        let path = fixture.directory.path("control.sock")
        let mode = try await control(fixture, FakeRuns { _, _ in "" }) { socket in
            #expect(socket.path == path)
            return try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(mode == 0o600)
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.directory.path)
        #expect(!left.contains { $0.hasPrefix("control.sock") })
    }

    @Test func `takes the place of a socket that a dead process left`() async throws {
        let fixture = try ServerFixture()
        let path = fixture.directory.path("control.sock")
        let other = fixture.directory.path("x")
        try bindSocket(other)
        try FileManager.default.moveItem(atPath: other, toPath: path)
        let status = try await control(fixture, FakeRuns { _, _ in "" }) { try await ControlClient($0).status() }
        #expect(status["formatVersion"] == "1")
    }

    @Test func `does not remove a file that is no socket`() async throws {
        let fixture = try ServerFixture()
        try fixture.directory.write("control.sock", "mine")
        let error = await #expect(throws: ServerError.self) {
            try await control(fixture, FakeRuns { _, _ in "" }) { _ in }
        }
        #expect(error?.code == .controlSocket)
        #expect(try fixture.directory.read("control.sock") == "mine")
    }

    @Test func `a path too long for a socket stops nothing else`() async throws {
        let fixture = try ServerFixture()
        let socket = ControlSocket(path: fixture.directory.path(String(repeating: "d", count: 100)))
        let (ready, signal) = AsyncStream.makeStream(of: Void.self)
        let server = ControlServer(
            socket: socket, source: fixture.source, runs: FakeRuns { _, _ in "" }, logger: quiet,
            onListening: { signal.yield() })
        let error = try await running(server) {
            for await _ in ready { break }
            return await #expect(throws: ServerError.self) { try await ControlClient(socket).status() }
        }
        #expect(error?.code == .notServing)
    }

    @Test func `a client without a server is told what to look at`() async throws {
        let directory = try TemporaryDirectory()
        let client = ControlClient(ControlSocket(path: directory.path("control.sock")))
        let error = await #expect(throws: ServerError.self) { try await client.status() }
        #expect(error?.code == .notServing)
        #expect(error?.message.contains("writ serve") == true)
    }

    @Test func `stopping does not wait for a run`() async throws {
        let fixture = try ServerFixture()
        let (begun, signal) = AsyncStream.makeStream(of: Void.self)
        let runs = FakeRuns { _, _ in
            signal.yield()
            // Only cancellation ends this.
            try await Task.sleep(for: .seconds(3_600))
            return ""
        }
        let waiting = try await control(fixture, runs) { socket in
            let waiting = Task { try await ControlClient(socket).run("agent/brief", input: nil) }
            for await _ in begun { break }
            return waiting
        }
        let error = await #expect(throws: ServerError.self) { try await waiting.value }
        #expect(error?.code == .refused)
        #expect(error?.message.contains("stopping") == true)
    }
}

struct FakeRuns: ManualRunning {
    let body: @Sendable (String, JSON?) async throws -> String

    init(_ body: @escaping @Sendable (String, JSON?) async throws -> String) { self.body = body }

    func run(_ target: String, input: JSON?) async throws -> String { try await body(target, input) }
}

/// Binds a Unix socket and closes it, as a process that was killed leaves it.
private func bindSocket(_ path: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    guard result == 0 else { throw Missing() }
}
