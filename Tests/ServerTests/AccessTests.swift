import Foundation
import Server
import TestSupport
import Testing
import Values

@Suite struct AccessTests {
    private static let token = "correct-horse-battery"

    @Test(arguments: [
        "/", "/metrics", "/api/v1/agents", "/api/v1/agents/brief", "/api/v1/runs", "/api/v1/events",
        "/api/v1/revisions", "/api/v1/status", "/runs/run_1",
    ])
    func `guards everything that shows something`(path: String) async throws {
        let answers = try await serving(ServerFixture(), token: Self.token) { client in
            try await [
                client.get(path, signedIn: false),
                client.get(path, headers: [("Authorization", "Bearer wrong-horse-battery")], signedIn: false),
                client.get(path, headers: [("Authorization", "Basic !!")], signedIn: false),
            ]
        }
        for answer in answers {
            #expect(answer.status == 401)
            #expect(answer.header("WWW-Authenticate")?.hasPrefix("Basic realm=") == true)
            #expect(!answer.text.contains(Self.token))
        }
    }

    @Test func `takes a bearer token, and the token as a password`() async throws {
        let basic = Data("anybody:\(Self.token)".utf8).base64EncodedString()
        let statuses = try await serving(ServerFixture(), token: Self.token) { client in
            try await [
                client.get("/api/v1/runs").status,
                client.get("/", headers: [("Authorization", "Basic \(basic)")], signedIn: false).status,
                client.get("/metrics", headers: [("Authorization", "bearer  \(Self.token)")], signedIn: false).status,
            ]
        }
        #expect(statuses == [200, 200, 200])
    }

    @Test func `lets probes through without a token`() async throws {
        let status = try await serving(ServerFixture(), token: Self.token) { client in
            try await client.get("/healthz", signedIn: false).status
        }
        #expect(status == 200)
    }

    @Test func `without a token answers this machine's own names alone`() async throws {
        let statuses = try await serving(ServerFixture()) { client in
            try await [
                client.get("/api/v1/runs", headers: [("Host", "localhost:\(client.port)")]).status,
                client.get("/api/v1/runs", headers: [("Host", "[::1]:80")]).status,
                client.get("/api/v1/runs", headers: [("Host", "attacker.example")]).status,
                client.get("/", headers: [("Host", "127.0.0.1.attacker.example")]).status,
                client.get("/healthz", headers: [("Host", "attacker.example")]).status,
            ]
        }
        #expect(statuses == [200, 200, 403, 403, 200])
    }

    @Test(arguments: ["127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"])
    func `loopback needs no token`(host: String) throws {
        try ListenPolicy.check(host: host, token: nil)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "192.168.1.1", "example.com", "127.0.0.1.example.com", "127.0.0", "", "127.0.0.256",
    ])
    func `other addresses need a token`(host: String) throws {
        let error = #expect(throws: ServerError.self) { try ListenPolicy.check(host: host, token: nil) }
        #expect(error?.code == .tokenRequired)
        #expect(error?.message.contains("WRIT_API_TOKEN") == true)
        try ListenPolicy.check(host: host, token: try AccessToken(Self.token))
    }

    @Test(arguments: ["hunter2", "with a space in it 123", ""])
    func `refuses tokens that cannot do their work, without repeating them`(text: String) {
        let error = #expect(throws: ServerError.self) { try AccessToken(text) }
        #expect(text.isEmpty || error?.description.contains(text) == false)
    }

    @Test func `splits addresses`() throws {
        #expect(try ListenPolicy.split("127.0.0.1:8080") == ("127.0.0.1", 8_080))
        #expect(try ListenPolicy.split("[::1]:1") == ("::1", 1))
        #expect(try ListenPolicy.split(":9000") == ("127.0.0.1", 9_000))
        for text in ["8080", "localhost", "::1:80", "host:", "host:65536", "host:-1"] {
            #expect(throws: ServerError.self, "\(text)") { try ListenPolicy.split(text) }
        }
    }
}
