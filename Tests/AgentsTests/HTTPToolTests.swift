import Agents
import HTTPTestSupport
import State
import Testing
import Values

@Suite("HTTP tool", .timeLimit(.minutes(1)))
struct HTTPToolTests {
    private static let environment = ["TOKEN": "s3cret-token", "PASSWORD": "p4ssword-x"]

    /// Calls a tool whose `http` is `http`, with SERVER for the server's address.
    private func call(
        _ server: HTTPTestServer, _ http: String, more: String = "", isOpen: Bool = true, _ arguments: JSON = [:]
    ) async throws -> RunResult {
        let open = isOpen ? "\n  allowPrivateNetworks: true" : ""
        let lines = http.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let spec = "description: x\n\(more)\nhttp:\n\(lines)\(open)".replacing("SERVER", with: server.url)
        var fixture = RunFixture(manifests: [manifest("Tool", "t", spec)])
        fixture.environment = Self.environment
        return try await fixture.run(.tool("t"), input: arguments)
    }

    @Test("puts arguments percent-encoded into the path and query, and leaves empty parameters out")
    func url() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let result = try await call(
                server,
                "url: 'SERVER/r/{{repo.name}}/i?fixed=1'\nquery: {q: '{{q}}', none: '{{none}}', 'a b': '{{n}}'}",
                ["repo": ["name": "a&b?c"], "q": "x&y=z #é", "n": 1.5])
            #expect(result.output == "ok", "\(result)")
            #expect(
                server.requests.map(\.target) == ["/r/a%26b%3Fc/i?fixed=1&a%20b=1.5&q=x%26y%3Dz%20%23%C3%A9"])
        }
    }

    @Test("sends a mapping as JSON: a leaf that is one tag keeps its type, another stays one text")
    func mapping() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let body =
                "method: POST\nurl: SERVER/\nbody: {count: '{{n}}', list: ['{{l}}'], text: 'say \"{{s}}\"', fixed: 7}"
            let result = try await call(server, body, ["n": 3, "l": ["a"], "s": "\"},{\"evil\":\""])
            #expect(result.output == "ok", "\(result)")
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.values("content-type") == ["application/json"])
            #expect(
                try JSON(parsing: request.body) == [
                    "count": 3, "list": [["a"]], "text": "say \"\"},{\"evil\":\"\"", "fixed": 7,
                ])
        }
    }

    @Test("sends a template of JSON when it comes to JSON, and nothing otherwise")
    func text() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let http = "method: PUT\nurl: SERVER/\nbody: '{\"s\": {{s}}, \"tail\": {{{tail}}} }'"
            #expect(try await call(server, http, ["s": "a\"b", "tail": [1]]).output == "ok")
            #expect(server.requests.map(\.text) == [#"{"s":"a\"b","tail":[1]}"#])
            let broken = try await call(server, "method: PUT\nurl: SERVER/\nbody: '{\"s\": {{s}}x}'", ["s": 1])
            #expect(broken.reason == .tool)
            #expect(broken.error?.contains("not JSON") == true)
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        "signs in as the manifest says",
        arguments: [
            ("auth: {bearer: {env: TOKEN}}", "authorization", "Bearer s3cret-token"),
            (
                "auth: {basic: {username: me, password: {env: PASSWORD}}}", "authorization",
                "Basic bWU6cDRzc3dvcmQteA=="
            ),
            ("auth: {header: {name: X-Key, value: {env: TOKEN}}}", "x-key", "s3cret-token"),
            ("headers: {X-Own: {env: TOKEN}}", "x-own", "s3cret-token"),
            ("headers: {X-Own: 'a {{word}}'}", "x-own", "a b"),
        ])
    func auth(spec: String, header: String, value: String) async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let result = try await call(server, "url: SERVER/\n\(spec)", ["word": "b"])
            #expect(result.output == "ok", "\(result)")
            #expect(server.requests.first?.values(header) == [value])
        }
    }

    @Test("is not called without a secret that it needs, and says which")
    func missingSecret() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let result = try await call(server, "url: SERVER/\nauth: {bearer: {env: NONE}}")
            #expect(result.reason == .secret)
            #expect(result.error == "environment variable NONE is not set")
            #expect(server.requests.isEmpty)
        }
    }

    @Test("does not let an argument leave the declared path or break a header (faults F124, H146)")
    func escapes() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            for value in ["..", ".", "../a", "a/b", "a\\b", "%2e%2e/x", ""] {
                let result = try await call(server, "url: 'SERVER/repos/{{x}}/issues'", ["x": .string(value)])
                #expect(result.reason == .invalidArguments, "\(value)")
            }
            let header = try await call(server, "url: SERVER/\nheaders: {X-Own: '{{x}}'}", ["x": "a\r\nHost: evil"])
            #expect(header.reason == .tool)
            #expect(header.isRetryable == false)
            #expect(server.requests.isEmpty)
            #expect(try await call(server, "url: 'SERVER/repos/{{x}}'", [:]).reason == .invalidArguments)
            let fine = try await call(server, "url: 'SERVER/a%2Fb//{{x}}?q={{q}}'", ["x": "a..b", "q": "c/d"])
            #expect(fine.output == "ok", "what the manifest itself writes may be there")
            #expect(server.requests.map(\.target) == ["/a%2Fb//a..b?q=c%2Fd"])
        }
    }

    @Test("reaches no private network unless that is opened (fault F120)")
    func privateNetworks() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let result = try await call(server, "url: SERVER/", isOpen: false)
            #expect(result.reason == .tool)
            #expect(result.error?.contains("loopback") == true, "\(result)")
            #expect(server.requests.isEmpty)
        }
    }

    @Test("gives the first 256 KiB of a huge answer, with a mark (fault H142)")
    func hugeAnswer() async throws {
        // An odd byte first, so that the cut goes through a character.
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n!"
        let reply = HTTPTestReply(raw: head, after: .repeating(Array(String(repeating: "é", count: 8_192).utf8)))
        try await HTTPTestServer.answering({ _ in reply }).run { server in
            let output = try #require(try await call(server, "url: SERVER/").output)
            #expect(output.hasSuffix("\n[cut here: the answer is over 262144 bytes]"))
            #expect(output.dropFirst().prefix { $0 == "é" }.utf8.count == (256 << 10) - 2)
        }
    }

    @Test("a tool that hangs is given up after its timeout (fault H142)")
    func hanging() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(raw: "HTTP/1.1 200 OK\r\n", after: .stall) }).run {
            server in
            let result = try await call(server, "url: SERVER/", more: "timeout: 50ms")
            #expect(result.reason == .tool)
            #expect(result.error?.contains("50ms") == true)
            #expect(result.isRetryable)
        }
    }

    @Test("an error status is a failure with the beginning of what was said (fault H142)")
    func status() async throws {
        let long = "no such issue" + String(repeating: "!", count: 5_000)
        try await HTTPTestServer.answering({ _ in HTTPTestReply(404, long) }).run { server in
            var fixture = RunFixture(manifests: [
                RunFixture.provider, RunFixture.agent("tools: [t]"),
                manifest("Tool", "t", "description: x\nhttp: {url: '\(server.url)', allowPrivateNetworks: true}"),
            ])
            fixture.environment = Self.environment
            let result = try await fixture.run { request in
                request.step == 1 ? .calls(("t", "{}")) : .text(request.messages.last?.content ?? "")
            }
            let told = try JSON(parsing: try #require(result.output))
            #expect(told["error"]?["type"] == "http-status")
            #expect(told["error"]?["status"] == 404)
            #expect(told["error"]?["body"]?.string?.hasPrefix("no such issue!") == true)
            #expect(told["error"]?["body"]?.string?.count == 2_000)
            #expect(fixture.steps.all[1].error == "the service answers with an error: status 404")
        }
    }

    @Test("a tool's run comes again when the service asked it to, and not before (fault E92)", arguments: [429, 503])
    func comesLater(status: Int) async throws {
        let reply = HTTPTestReply(status, headers: [("retry-after", "120")], "later")
        try await HTTPTestServer.answering({ _ in reply }).run { server in
            let result = try await call(server, "method: POST\nurl: SERVER/", more: "effect: write")
            guard case .failed(_, _, true, .seconds(120), _) = result else {
                Issue.record("\(result)")
                return
            }
        }
    }

    @Test(
        "a tool's run is tried again where that may help and does no harm",
        arguments: [
            (503, "effect: read", true), (503, "effect: write", true), (429, "effect: write", true),
            (500, "effect: read", true), (500, "effect: write", false), (500, "effect: write\nidempotent: true", true),
            (400, "effect: read", false), (404, "effect: read", false),
        ])
    func retryable(status: Int, effect: String, isRetryable: Bool) async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(status, "x") }).run { server in
            let result = try await call(server, "method: POST\nurl: SERVER/", more: effect)
            #expect(result.reason == .tool)
            #expect(result.isRetryable == isRetryable)
        }
    }

    @Test("follows redirects when it only reads, and keeps its key to itself")
    func redirects() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "moved here") }).run { other in
            let reply = HTTPTestReply.redirect(to: other.url + "/new")
            try await HTTPTestServer.answering({ _ in reply }).run { server in
                let http = "url: SERVER/\nauth: {header: {name: X-Key, value: {env: TOKEN}}}"
                #expect(try await call(server, http).output == "moved here")
                #expect(other.requests.first?.values("x-key") == [])
                let post = try await call(server, "method: POST\nurl: SERVER/")
                #expect(post.error?.contains("status 302") == true)
                #expect(other.requests.count == 1)
            }
        }
    }

    @Test("an answer that is no text is a failure; an empty one says its status")
    func notText() async throws {
        let image = HTTPTestReply(200, headers: [("content-type", "image/png")], "\u{89}PNG")
        var bytes = image
        bytes.bytes = Array(image.bytes.dropLast(5)) + [0x89, 0x50, 0xFF, 0x4E, 0x47]
        let binary = bytes
        try await HTTPTestServer.answering({ $0.target == "/empty" ? HTTPTestReply(204) : binary }).run { server in
            let result = try await call(server, "url: SERVER/image")
            #expect(result.error?.contains("not UTF-8 text (image/png)") == true, "\(result)")
            #expect(try await call(server, "url: SERVER/empty").output == #"{"status":204}"#)
        }
    }

    @Test("a run of a tool takes its arguments from the trigger's input, else from the payload, and checks them")
    func arguments() async throws {
        try await HTTPTestServer.answering({ $0.text.isEmpty ? HTTPTestReply(200, $0.target) : HTTPTestReply() }).run {
            server in
            let tool = manifest(
                "Tool", "t",
                """
                description: x
                parameters: {type: object, required: [title], properties: {title: {type: string}}}
                http: {url: '\(server.url)/{{title}}', allowPrivateNetworks: true}
                """)
            let trigger = manifest(
                "Trigger", "hourly", "tool: t\nschedule: {cron: '0 * * * *'}\ninput: '{\"title\": \"From {{event}}\"}'")
            let wrong = manifest(
                "Trigger", "wrong", "tool: t\nschedule: {cron: '0 * * * *'}\ninput: 'no JSON'")
            let fixture = RunFixture(manifests: [tool, trigger, wrong])
            #expect(try await fixture.run(.tool("t"), input: nil).output == "/Broken")
            #expect(try await fixture.run(.tool("t"), trigger: "hourly", input: nil).output == "/From%20push")
            #expect(try await fixture.run(.tool("t"), input: #"{"title":"text"}"#).output == "/text")
            #expect(try await fixture.run(.tool("t"), trigger: "wrong", input: nil).reason == .invalidArguments)
            let violation = try await fixture.run(.tool("t"), input: ["title": 7])
            #expect(violation.reason == .invalidArguments)
            #expect(violation.error?.contains("/title") == true)
            #expect(server.requests.count == 3)
            #expect(fixture.steps.all.count == 1, "one step an attempt")
        }
    }

    @Test("a run of a tool that needs approval or is not active fails, and says so")
    func obstacles() async throws {
        let fixture = RunFixture(manifests: [
            manifest("Tool", "asked", "description: x\napproval: required\nhttp: {url: 'https://example.com'}"),
            manifest("Tool", "server", "description: x\nmcp: {url: 'https://example.com/mcp'}"),
        ])
        #expect(try await fixture.run(.tool("asked"), input: [:]).reason == .approvalRequired)
        #expect(try await fixture.run(.tool("server"), input: [:]).reason == .notActive)
    }
}
