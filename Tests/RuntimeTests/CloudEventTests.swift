import Runtime
import Spec
import State
import Testing
import Values

/// CloudEvents in their three modes.
@Suite struct CloudEventTests {
    private let desk: SenderDesk

    init() throws { desk = try SenderDesk() }

    private func cloud(
        _ headers: [(String, String)], _ body: String, token: String = "Bearer cloud token"
    ) -> InboxAnswer {
        desk.send("cloud", [("Authorization", token)] + headers, body)
    }

    private func event(_ id: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/files","type":"com.example.file.created","data":{"n":1}}"#
    }

    @Test func `A CloudEvent is the same event, structured or binary`() throws {
        let structured = [("Content-Type", "application/cloudevents+json; charset=utf-8")]
        #expect(cloud(structured, event("1"), token: "Bearer wrong") == .unauthorized)
        guard case .accepted(let id) = cloud(structured, event("1")) else { throw Invalid(description: "refused") }
        let binary = [
            ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-type", "com.example.file.created"),
            ("CE-Source", "/files"), ("ce-id", "2"), ("ce-subject", "a%20b"),
        ]
        guard case .accepted(let other) = cloud(binary, #"{"n":1}"#) else { throw Invalid(description: "refused") }
        #expect(cloud(binary, #"{"n":1}"#) == .duplicate(event: other))
        #expect(id != other)
        let events = try desk.events()
        #expect(events.map(\.summary.name) == ["com.example.file.created", "com.example.file.created"])
        #expect(events.map { $0.payload["data"] } == [["n": 1], ["n": 1]])
        #expect(events.last?.payload["subject"]?.string == "a b")
    }

    /// The same event in other words: with another order of members, in headers, as base64.
    private static let sameEvents: [(headers: [(String, String)], body: String)] = [
        (
            [("Content-Type", "application/cloudevents+json")],
            #"{"data":{"n":1,"a":[]},"type":"t","source":"/s","id":"1","specversion":"1.0","count":7,"#
                + #""time":"2026-01-01T01:00:00+01:00","datacontenttype":"application/json; charset=utf-8"}"#
        ),
        (
            [
                ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-id", "1"),
                ("ce-source", "/s"), ("ce-time", "2026-01-01T00:00:00Z"), ("ce-count", "7"),
            ], #"{"a": [], "n": 1}"#
        ),
        (
            [("Content-Type", "application/cloudevents+json")],
            #"{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-01-01T00:00:00Z","count":"7","#
                + #""data_base64":"eyJhIjpbXSwibiI6MX0=","subject":null}"#
        ),
    ]

    @Test func `A CloudEvent that comes again in another mode is a duplicate, and another one is a conflict`() throws {
        var first: String?
        for (headers, body) in Self.sameEvents {
            let answer = cloud(headers, body)
            if let first {
                #expect(answer == .duplicate(event: first), "\(body)")
            } else if case .accepted(let id) = answer {
                first = id
            }
        }
        let id = try #require(first)
        let (headers, body) = Self.sameEvents[1]
        #expect(cloud(headers, body.replacing("1", with: "2")) == .conflict(event: id))
        #expect(cloud(headers + [("ce-subject", "other")], body) == .conflict(event: id))
        #expect(
            cloud(
                [("Content-Type", "application/cloudevents-batch+json")], "[\(Self.sameEvents[0].body)]")
                == .duplicate(event: id))
    }

    @Test func `What an earlier version stored, with the digest of its bytes, is known again by its meaning`() throws {
        let structured = [("Content-Type", "application/cloudevents+json")]
        let batch = [("Content-Type", "application/cloudevents-batch+json")]
        let body = event("1")
        guard case .accepted(let id) = cloud(structured, body) else { throw Invalid(description: "refused") }
        let stored = try #require(try desk.fixture.reader.event(id))
        let old = try desk.fixture.store.accept(
            NewEvent(
                endpoint: stored.summary.endpoint, dedupeKey: stored.summary.dedupeKey?.replacing("1", with: "2"),
                name: stored.summary.name, source: stored.summary.source, payload: try JSON(parsing: event("2")),
                receivedAt: desk.fixture.clock.now(), bodyDigest: Digest(of: event("2").utf8)))
        guard case .accepted(let earlier, _) = old else { throw Invalid(description: "\(old)") }
        #expect(cloud(structured, event("2") + " ") == .duplicate(event: earlier))
        #expect(cloud(batch, "[\(event("2"))]") == .duplicate(event: earlier))
        // Together with a new one, which is taken.
        guard case .acceptedBatch(let both) = cloud(batch, "[\(event("2")),\(event("3"))]") else {
            throw Invalid(description: "refused")
        }
        #expect(both.first == earlier)
        let other = event("2").replacing("{\"n\":1}", with: "{\"n\":2}")
        try #require(other != event("2"))
        #expect(cloud(structured, other) == .conflict(event: earlier))
        #expect(try desk.events().count == 3)
    }

    @Test(
        "What CloudEvents forbids is refused",
        arguments: [
            #""data":1,"data_base64":"MQ==""#, #""data_base64":"M""#, #""data_base64":"M?==""#, #""data_base64":1"#,
            #""time":"yesterday""#, #""time":"2026-01-01""#, #""time":1"#, #""Subject":"x""#, #""my-word":"x""#,
            #""my_word":"x""#, #""":"x""#, #""data_base64":"MTI""#, #""word":{"a":1}"#, #""word":[1]"#, #""word":1.5"#,
            #""word":2147483648"#, #""word":-2147483649"#, #""subject":"""#, #""subject":1"#, #""subject":"a\u0007b""#,
            #""word":"a\u0085b""#, #""dataschema":"/relative""#, #""dataschema":"a b:c""#, #""datacontenttype":true"#,
        ])
    func forbiddenInCloudEvents(member: String) throws {
        let body = event("1").replacing(#","data":{"n":1}"#, with: ",\(member)")
        guard case .badRequest = cloud([("Content-Type", "application/cloudevents+json")], body) else {
            throw Invalid(description: "\(body) was taken")
        }
    }

    @Test(
        "A source that is no URI reference is refused",
        arguments: ["a b", "/ä", "<x>", "/%zz", "/%4", "a#b#c", #"\\\\host"#, "{x}"])
    func oddSource(source: String) throws {
        let body = event("1").replacing("\"/files\"", with: "\"\(source)\"")
        guard case .badRequest = cloud([("Content-Type", "application/cloudevents+json")], body) else {
            throw Invalid(description: "\(body) was taken")
        }
    }

    @Test(
        "What CloudEvents allows is taken",
        arguments: [
            #""word":true"#, #""word":2147483647"#, #""word":-2147483648"#, #""word":null"#, #""subject":"a b ü""#,
            #""dataschema":"https://example.com/a%20b?c#d""#, #""data_base64":"MTI=""#, #""word":"""#,
        ])
    func allowedInCloudEvents(member: String) throws {
        let body = event("1").replacing(#","data":{"n":1}"#, with: ",\(member)")
        guard case .accepted = cloud([("Content-Type", "application/cloudevents+json")], body) else {
            throw Invalid(description: "\(body) was refused")
        }
    }

    @Test(
        "A source that is a URI reference is taken",
        arguments: [
            "urn:uuid:6e8bc430", "https://[::1]:8/a?b=c&d#e", "mailto:a@example.com", "1-555-123-4567", "a%20b",
        ])
    func soundSource(source: String) throws {
        let body = event("1").replacing("\"/files\"", with: "\"\(source)\"")
        guard case .accepted = cloud([("Content-Type", "application/cloudevents+json")], body) else {
            throw Invalid(description: "\(body) was refused")
        }
    }

    @Test(
        "A value in quotes means what is in them, also where it is percent-encoded",
        arguments: [
            ("\"a b\"", "a b"), (#""a \"b\" \\c""#, #"a \"b\" \\c"#), ("\"a%20b\"", "a b"), ("%22a b%22", #"\"a b\""#),
            ("a \"b\"", #"a \"b\""#), ("\"Q\"", "Q"),
        ])
    func quotedHeader(value: String, meaning: String) throws {
        let binary = [
            ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-type", "\"t\""), ("ce-id", "\"1\""),
            ("ce-source", "\"/s\""), ("ce-subject", value),
        ]
        guard case .accepted(let id) = cloud(binary, "{}") else { throw Invalid(description: "refused") }
        let structured =
            #"{"specversion":"1.0","type":"t","id":"1","source":"/s","subject":"\#(meaning)","data":{}}"#
        #expect(cloud([("Content-Type", "application/cloudevents+json")], structured) == .duplicate(event: id))
    }

    @Test("A header that cannot be read says how to write it", arguments: ["%zz", "%ff", "\"open", "\"a\" b", "\"a\\"])
    func unreadableHeader(value: String) throws {
        let binary = [
            ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-id", "1"),
            ("ce-source", "/s"), ("ce-subject", value),
        ]
        guard case .badRequest(let message) = cloud(binary, "{}") else { throw Invalid(description: "taken") }
        #expect(message.contains("ce-subject"))
        #expect(message.contains("percent-encode"))
    }

    @Test(
        "What CloudEvents forbids in headers is refused",
        arguments: [
            ("ce-datacontenttype", "application/json"), ("ce-time", "yesterday"), ("ce-my-word", "x"),
            ("ce-data", "x"), ("ce-", "x"), ("ce-subject", ""), ("ce-dataschema", "relative"),
        ])
    func forbiddenInHeaders(name: String, value: String) throws {
        let headers = [
            ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-id", "1"),
            ("ce-source", "/s"),
        ]
        guard case .badRequest = cloud(headers + [(name, value)], "{}") else {
            throw Invalid(description: "\(name) was taken")
        }
    }

    @Test func `A sender cannot say what only writ says in its own headers`() throws {
        let headers = [
            ("Content-Type", "application/cloudevents+json"), ("Writ-Replay-Of", "evt_0"), ("writ-depth", "5"),
            ("X-Other", "kept"),
        ]
        guard case .accepted = cloud(headers, event("1")) else { throw Invalid(description: "refused") }
        let stored = try #require(try desk.events().first?.headers.object)
        #expect(stored["x-other"]?.string == "kept")
        #expect(stored["writ-replay-of"] == nil)
        #expect(stored["writ-depth"] == nil)
    }

    @Test func `A batch is several events, and is known again one by one`() throws {
        let batch = [("Content-Type", "application/cloudevents-batch+json")]
        guard case .acceptedBatch(let first) = cloud(batch, "[\(event("1")),\(event("2"))]") else {
            throw Invalid(description: "refused")
        }
        guard case .acceptedBatch(let second) = cloud(batch, "[\(event("2")),\(event("3"))]") else {
            throw Invalid(description: "refused")
        }
        #expect(first.count == 2)
        #expect(second.first == first.last)
        #expect(try desk.events().count == 3)
        #expect(try desk.fixture.runs().count == 3)
        // Nothing of it is new, as of one that comes again.
        #expect(cloud(batch, "[\(event("1")),\(event("3"))]") == .duplicateBatch(events: [first[0], second[1]]))
        #expect(try desk.events().count == 3)
        guard case .answered = cloud(batch, "[]") else { throw Invalid(description: "an empty batch") }
    }

    @Test func `A batch is stored as a whole, or not at all where one of its ids came with another body`() throws {
        let batch = [("Content-Type", "application/cloudevents-batch+json")]
        guard case .acceptedBatch(let first) = cloud(batch, "[\(event("1")),\(event("2"))]") else {
            throw Invalid(description: "refused")
        }
        let other = event("2").replacing("{\"n\":1}", with: "{\"n\":2}")
        try #require(other != event("2"))
        let refused = cloud(batch, "[\(event("3")),\(other),\(event("4"))]")
        #expect(refused == .conflictInBatch(place: 2, event: first[1]))
        #expect(try desk.events().count == 2)
        #expect(try desk.fixture.runs().count == 2)
        #expect(try desk.fixture.reader.queueCounts().runs[.queued] == 2)
        // Without it, all of the rest is stored.
        guard case .acceptedBatch(let rest) = cloud(batch, "[\(event("3")),\(event("4"))]") else {
            throw Invalid(description: "refused")
        }
        #expect(rest.count == 2)
        #expect(try desk.events().count == 4)
        let twice = event("5").replacing("{\"n\":1}", with: "{\"n\":2}")
        #expect(cloud(batch, "[\(event("5")),\(twice)]") == .conflictInBatch(place: 2, event: nil))
        #expect(try desk.events().count == 4)
        #expect(desk.fixture.metrics.snapshot.eventsRefused == [.conflict: 2])
    }

    @Test(
        "What is no CloudEvent is the sender's to put right",
        arguments: [
            ("application/cloudevents+json", "{}"), ("application/cloudevents+json", #"{"specversion":"0.3"}"#),
            ("application/cloudevents+json", #"{"specversion":"1.0","id":"","source":"a","type":"b"}"#),
            ("application/cloudevents+json", #"{"specversion":"1.0","id":"1","source":"a","type":"b c"}"#),
            ("application/cloudevents-batch+json", "{}"), ("application/cloudevents+avro", "x"),
            ("application/json", "{}"),
        ])
    func oddCloudEvents(type: String, body: String) {
        guard case .badRequest = cloud([("Content-Type", type)], body) else {
            Issue.record("\(body) was taken")
            return
        }
    }
}
