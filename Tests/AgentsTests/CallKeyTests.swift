import Agents
import HTTPTestSupport
import State
import TestSupport
import Testing
import Values

/// The keys by which services know a call again.
@Suite("Idempotency keys") struct CallKeyTests {
    private static func manifests(_ server: HTTPTestServer, method: String = "POST", more: String = "") -> [String] {
        [
            RunFixture.provider, RunFixture.agent("tools: [t]"),
            manifest(
                "Tool", "t",
                "description: x\nhttp: {method: \(method), url: '\(server.url)/{{n}}', allowPrivateNetworks: true\(more)}"
            ),
        ]
    }

    private func keys(_ server: HTTPTestServer) -> [String] {
        server.requests.map { $0.values("idempotency-key").joined(separator: ",") }
    }

    @Test func `a call that is made again in another attempt has the key that it had, and no other call has`()
        async throws
    {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let fixture = RunFixture(manifests: Self.manifests(server))
            func attempt(_ id: String) async throws {
                _ = try await fixture.run(id: id) { request in
                    request.step == 1
                        ? .calls(("t", #"{"n":1}"#), ("t", #"{"n":2}"#), ("t", #"{ "n": 1 }"#)) : .text("done")
                }
            }
            try await attempt("run_1")
            try await attempt("run_1")
            try await attempt("run_2")
            let keys = keys(server)
            try #require(keys.count == 9)
            #expect(Set(keys.prefix(3)).count == 3)
            #expect(Array(keys[3..<6]) == Array(keys[0..<3]))
            #expect(Set(keys[6..<9]).isDisjoint(with: keys[0..<3]))
            #expect(keys.allSatisfy { $0.count == 40 && $0.allSatisfy(\.isHexDigit) })
        }
    }

    @Test func `a run of a tool has a key of its own in all attempts`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let fixture = RunFixture(manifests: Self.manifests(server))
            for id in ["run_1", "run_1", "run_2"] { _ = try await fixture.run(.tool("t"), id: id, input: ["n": 1]) }
            let keys = keys(server)
            try #require(keys.count == 3)
            #expect(keys[0] == keys[1] && keys[0] != keys[2])
        }
    }

    @Test func `what only reads has no key, and the manifest's own header counts`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let reading = RunFixture(manifests: Self.manifests(server, method: "GET"))
            _ = try await reading.run(.tool("t"), input: ["n": 1])
            let own = RunFixture(
                manifests: Self.manifests(server, more: ", headers: {idempotency-key: 'order-{{n}}'}"))
            _ = try await own.run(.tool("t"), input: ["n": 1])
            #expect(keys(server) == ["", "order-1"])
        }
    }

    @Test func `what a model is asked has the same key in another attempt, and none is like another`() async throws {
        let completion = #"{"choices":[{"message":{"role":"assistant","content":"done"}}],"model":"m"}"#
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, completion) }).run { server in
            func ask(_ id: String, _ input: JSON, headers: String = "") async throws {
                let fixture = RunFixture(manifests: [
                    manifest("Provider", "model", "type: openai\nbaseURL: \(server.url)\(headers)"), RunFixture.agent(),
                ])
                _ = try await fixture.run(id: id, input: input)
            }
            try await ask("run_1", "Go.")
            try await ask("run_1", "Go.")
            try await ask("run_1", "Stop.")
            try await ask("run_2", "Go.")
            try await ask("run_2", "Go.", headers: "\nheaders: {idempotency-key: own}")
            let keys = keys(server)
            try #require(keys.count == 5)
            #expect(keys[0] == keys[1] && Set(keys).count == 4 && keys[4] == "own")
            #expect(keys[0].count == 40 && keys[0].allSatisfy(\.isHexDigit))
        }
    }
}
