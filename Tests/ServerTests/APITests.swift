import Server
import Spec
import State
import TestSupport
import Testing
import Values

@Suite struct APITests {
    private func get(_ path: String, prepare: (ServerFixture) throws -> Void) async throws -> TestAnswer {
        let fixture = try ServerFixture()
        try prepare(fixture)
        return try await serving(fixture) { client in try await client.get(path) }
    }

    @Test(arguments: KindCatalog.all.map { $0.plural })
    func `lists every kind, also when there is none`(plural: String) async throws {
        let answer = try await get("/api/v1/\(plural)") { _ in }
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/json")
        #expect(answer.json == ["formatVersion": "1", "items": []])
    }

    @Test func `shows manifests with their status`() async throws {
        let answer = try await get("/api/v1/triggers/morning") { fixture in
            try fixture.applyUsual()
            try fixture.finishedRun()
        }
        let trigger = try #require(answer.json)
        #expect(trigger["kind"] == "Trigger")
        #expect(trigger["spec"]?["agent"] == "brief")
        let status = try #require(trigger["status"])
        #expect(status["state"] == "ready")
        #expect(status["path"] == "all/morning.yaml")
        #expect(status["line"] == 3)
        #expect(status["nextFireAt"] == "2026-01-01T08:00:00Z")
        #expect(status["lastRun"]?["state"] == "succeeded")
    }

    @Test func `tells what is suspended and what fails`() async throws {
        let answer = try await get("/api/v1/agents") { fixture in
            try fixture.applyUsual()
            try fixture.finishedRun(end: .failed, error: "no key")
        }
        let states = answer.json?["items"]?.array?.map { $0["status"]?["state"] }
        #expect(states == ["failing", "suspended"])
    }

    @Test func `pages resources by name`() async throws {
        let fixture = try ServerFixture()
        try fixture.apply(["c", "a", "b"].map { .agent($0) })
        let names = try await serving(fixture) { client in
            var names: [[String]] = []
            var before = ""
            while true {
                let page = try await client.get("/api/v1/agents?limit=2\(before)").json
                names.append(page?["items"]?.array?.compactMap { $0["metadata"]?["name"]?.string } ?? [])
                guard let next = page?["next"]?.string else { return names }
                before = "&before=\(next)"
            }
        }
        #expect(names == [["a", "b"], ["c"]])
    }

    @Test func `pages runs, newest first, and filters them`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let ids = try (0..<3).map { try fixture.finishedRun("run \($0)") }
        let failed = try fixture.finishedRun(agent: "rest", trigger: nil, end: .failed, error: "no")
        let pages = try await serving(fixture) { client in
            let first = try await client.get("/api/v1/runs?limit=2").json
            let next = first?["next"]?.string ?? ""
            return try await [
                first, client.get("/api/v1/runs?limit=2&before=\(next)").json,
                client.get("/api/v1/runs?state=failed").json,
                client.get("/api/v1/runs?agent=brief&trigger=morning").json,
            ]
        }
        let listed = pages.map { $0?["items"]?.array?.compactMap { $0["id"]?.string } ?? [] }
        #expect(listed == [[failed, ids[2]], [ids[1], ids[0]], [failed], ids.reversed()])
        #expect(pages[1]?["next"] == nil)
    }

    @Test func `shows a run with its steps, attempts and deliveries`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let id = try fixture.finishedRun("Done.")
        let run = try #require(try await serving(fixture) { try await $0.get("/api/v1/runs/\(id)").json })
        #expect(run["output"] == "Done.")
        #expect(run["tokens"] == ["input": 1_200, "output": 34, "total": 1_234])
        #expect(run["createdAt"] == .string(ServerFixture.start.rfc3339))
        #expect(run["steps"]?[0]?["response"]?["text"] == "Done.")
        #expect(run["attempts"]?[0]?["outcome"] == "succeeded")
        #expect(run["deliveries"] == [])
        #expect(run.object?.values.contains(.null) == false)
    }

    @Test func `shows an event with what it carried and caused`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let id = try fixture.finishedRun()
        let event = try #require(try fixture.reader.run(id)?.event)
        let (list, one) = try await serving(fixture) { client in
            (
                try await client.get("/api/v1/events?name=schedule").json,
                try await client.get("/api/v1/events/\(event)").json
            )
        }
        #expect(list?["items"]?[0]?["id"] == .string(event))
        #expect(list?["items"]?[0]?["payload"] == nil)
        #expect(one?["payload"] == ["n": 1])
        #expect(one?["runs"]?[0]?["id"] == .string(id))
    }

    @Test func `shows deliveries with their run`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let id = try fixture.finishedRun(deliver: "desk")
        let (list, none, run) = try await serving(fixture) { client in
            (
                try await client.get("/api/v1/deliveries?channel=desk&state=queued").json,
                try await client.get("/api/v1/deliveries?state=delivered").json,
                try await client.get("/api/v1/runs/\(id)").json
            )
        }
        #expect(list?["items"]?[0]?["run"] == .string(id))
        #expect(list?["items"]?[0]?["notBefore"] == .string(ServerFixture.at(90).rfc3339))
        #expect(none?["items"] == [])
        #expect(run?["deliveries"] == list?["items"])
    }

    @Test func `shows revisions with their changes`() async throws {
        let (list, one) = try await {
            let fixture = try ServerFixture()
            try fixture.applyUsual()
            return try await serving(fixture) { client in
                (try await client.get("/api/v1/revisions").json, try await client.get("/api/v1/revisions/1").json)
            }
        }()
        #expect(list?["items"]?[0]?["commit"] == .string(ServerFixture.commit))
        #expect(one?["actor"] == "ada")
        #expect(one?["changes"]?.array?.count == 3)
        #expect(one?["changes"]?[0]?["action"] == "create")
    }

    @Test(arguments: [
        ("/api/v1/runs?limit=0", 400), ("/api/v1/runs?limit=501", 400), ("/api/v1/runs?limit=ten", 400),
        ("/api/v1/runs?before=abc", 400), ("/api/v1/runs?state=sleeping", 400), ("/api/v1/deliveries?state=queue", 400),
        ("/api/v1/runs?agnet=brief", 400),
        ("/api/v1/runs?limit=1&limit=2", 400), ("/api/v1/runs?state=%00", 400),
        ("/api/v1/agents/nobody", 404), ("/api/v1/runs/run_0", 404), ("/api/v1/events/evt_0", 404),
        ("/api/v1/revisions/9", 404), ("/api/v1/revisions/x", 404), ("/api/v1/robots", 404), ("/api/v2/runs", 404),
    ])
    func `says what is wrong with a request as problem+json`(path: String, status: Int) async throws {
        let answer = try await get(path) { _ in }
        #expect(answer.status == status)
        #expect(answer.header("Content-Type") == "application/problem+json")
        #expect(answer.json?["status"]?.int == status)
        #expect(answer.json?["type"] == "about:blank")
        #expect(answer.json?["title"] == (status == 404 ? "Not Found" : "Bad Request"))
        #expect(answer.json?["detail"]?.string?.isEmpty == false)
    }

    @Test(arguments: ["/api/v1/agents/%ff", "/api/v1/agents/%4", "/api/v1/runs?state=%zz", "/%c0%ae%c0%ae/"])
    func `refuses what is not percent-encoded UTF-8`(path: String) async throws {
        let text = try await serving(ServerFixture()) { client in
            try await RawConnection.exchange(
                port: client.port, ["GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"])
        }
        #expect(text.hasPrefix("HTTP/1.1 400"))
        #expect(text.contains("application/problem+json"))
    }

    @Test func `answers HEAD like GET without a body`() async throws {
        let fixture = try ServerFixture()
        let answer = try await serving(fixture) { try await $0.send("HEAD", "/api/v1/runs") }
        #expect(answer.status == 200)
        #expect(answer.text.isEmpty)
        #expect(answer.header("Content-Length").flatMap { Int($0) } ?? 0 > 0)
    }

    @Test(arguments: ["/api/v1/runs", "/", "/metrics", "/healthz", "/readyz"])
    func `what is read is not written`(path: String) async throws {
        let answer = try await serving(ServerFixture()) { try await $0.send("POST", path, body: [1]) }
        #expect(answer.status == 405)
        #expect(answer.header("Allow") == "GET, HEAD")
    }
}
