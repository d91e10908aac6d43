import Logging
import Server
import TestSupport
import Testing

@Suite struct StartTests {
    @Test func `a port in use is said so, with what to do`() async throws {
        let fixture = try ServerFixture()
        let error = try await serving(fixture) { client in
            let second = WritServer(
                settings: ServerSettings(port: client.port, version: "1"), source: fixture.source, hooks: FakeHooks(),
                logger: quiet)
            return await #expect(throws: ServerError.self) { try await second.run() }
        }
        #expect(error?.code == .addressInUse)
        #expect(error?.message.contains("--listen") == true)
    }

    @Test func `an open address without a token does not start`() async throws {
        let server = WritServer(
            settings: ServerSettings(host: "0.0.0.0", port: 0, version: "1"), source: try ServerFixture().source,
            hooks: FakeHooks(), logger: quiet)
        let error = await #expect(throws: ServerError.self) { try await server.run() }
        #expect(error?.code == .tokenRequired)
    }
}
