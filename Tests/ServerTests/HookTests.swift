import Server
import TestSupport
import Testing
import Values

@Suite struct HookTests {
    @Test func `hands on the endpoint, the headers and the bytes as they came`() async throws {
        let hooks = FakeHooks()
        let body = Array(#"{"a" : 1}"#.utf8) + [0xFF]
        let answer = try await serving(ServerFixture(), hooks: hooks) { client in
            try await client.send("POST", "/hooks/on-push", headers: [("X-GitHub-Event", "push")], body: body)
        }
        #expect(answer.status == 202)
        #expect(answer.json == ["event": "evt_1"])
        let received = try #require(hooks.received.first)
        #expect(received.endpoint == .trigger("on-push"))
        #expect(received.headers["x-github-event"] == "push")
        #expect(received.body == body)
    }

    @Test func `feeds a repository by its own path`() async throws {
        let hooks = FakeHooks()
        _ = try await serving(ServerFixture(), hooks: hooks) { client in
            try await client.send("POST", "/hooks/repositories/site", body: [])
        }
        #expect(hooks.received.map(\.endpoint) == [.repository("site")])
    }

    @Test(arguments: [
        (HookAnswer.duplicate(event: "evt_0"), 200), (.answered(contentType: "text/plain", body: "pong"), 200),
        (.unauthorized, 401), (.conflict(event: "evt_0"), 409),
        (.conflictInBatch(place: 2, event: "evt_0"), 409), (.unknown, 404), (.badRequest("line 1: no"), 400),
        (.unsupportedEncoding, 415),
        (.unavailable("the disk is full"), 503), (.limited(retryAfter: 7), 429),
    ])
    func `answers every outcome with its status; what could not be stored with 503 and Retry-After (faults F105, F118)`(
        outcome: HookAnswer, status: Int
    ) async throws {
        let answer = try await serving(ServerFixture(), hooks: FakeHooks(outcome)) { client in
            try await client.send("POST", "/hooks/on-push", body: Array("{}".utf8))
        }
        #expect(answer.status == status)
        switch outcome {
        case .duplicate(let event): #expect(answer.json == ["event": .string(event)])
        case .answered(_, let body): #expect(answer.text == body)
        case .unauthorized: #expect(answer.text.isEmpty)
        case .badRequest(let detail): #expect(answer.json?["detail"]?.string == detail)
        case .unavailable: #expect(answer.header("Retry-After") != nil)
        case .limited: #expect(answer.header("Retry-After") == "7")
        default: #expect(answer.json?["status"]?.int == status)
        }
    }

    @Test func `needs no token, because hooks show signatures`() async throws {
        let answer = try await serving(ServerFixture(), token: "0123456789abcdef") { client in
            try await client.send("POST", "/hooks/on-push", body: [], signedIn: false)
        }
        #expect(answer.status == 202)
    }

    @Test(arguments: ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
    func `refuses other methods with 405 and Allow`(method: String) async throws {
        let hooks = FakeHooks()
        let answer = try await serving(ServerFixture(), hooks: hooks) { client in
            try await client.send(method, "/hooks/on-push")
        }
        #expect(answer.status == 405)
        #expect(answer.header("Allow") == "POST")
        #expect(answer.header("Content-Type") == "application/problem+json")
        #expect(hooks.received.isEmpty)
    }
}
