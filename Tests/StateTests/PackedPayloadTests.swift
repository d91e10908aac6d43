import TestSupport
import Testing
import Values

@testable import State

/// Payloads that repeat themselves are stored compressed, and come back as they came.
@Suite struct PackedPayloadTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    /// A push with many commits, as long as it is asked for, spelled in a way that writ would not.
    private static func push(commits: Int) -> [UInt8] {
        let each = (0..<commits).map { #"{"id" : "\#($0)", "author": {"name":"Ada","email":"ada@example.com"}}"# }
        return Array(#"{"ref":"refs/heads/main", "size": 1.10, "commits": [\#(each.joined(separator: ", "))]}"#.utf8)
    }

    private func accept(_ bytes: [UInt8], key: String? = nil) throws -> Acceptance {
        var event = NewEvent.test(key)
        event.payload = try JSONText(checking: bytes)
        event.bodyDigest = Digest(of: bytes)
        return try fixture.store.accept(event)
    }

    /// The bytes that the table holds of one event's payload, as it came and compressed.
    private func stored(_ id: String) throws -> (plain: Int, packed: Int?) {
        try fixture.reader.read("looking") { db in
            let row = try #require(
                try db.row(
                    "SELECT length(CAST(payload AS BLOB)) AS plain, length(packed) AS packed FROM event WHERE id = :id",
                    ["id": id]))
            return (try row.get("plain"), try row.find("packed"))
        }
    }

    @Test("a payload comes back whole, whatever its length", arguments: [0, 1, 6, 7, 8, 100, 20_000])
    func roundTrip(commits: Int) throws {
        let bytes = Self.push(commits: commits)
        let id = try accept(bytes).event
        let event = try #require(try fixture.reader.event(id))
        #expect(
            event.payload == (try JSON(parsing: bytes, limits: JSONLimits(depth: 8, bytes: 4 << 20, nodes: 1_000_000))))
        #expect(event.summary.payloadSize == bytes.count)
    }

    @Test func `what repeats itself takes a fraction, and a short payload stays as it came`() throws {
        let long = Self.push(commits: 100)
        let packed = try stored(accept(long).event)
        #expect(packed.plain == 0)
        #expect(try #require(packed.packed) < long.count / 4)
        let short = Self.push(commits: 1)
        let kept = try stored(accept(short).event)
        #expect(kept.plain == short.count && kept.packed == nil)
    }

    @Test func `what would not become shorter stays as it came`() throws {
        var random = SeededRandom(7)
        let noise = (0..<4_000).map { _ in UInt8.random(in: 33...126, using: &random) }.filter {
            $0 != 0x22 && $0 != 0x5C
        }
        let stored = try stored(accept([0x22] + noise + [0x22]).event)
        #expect(stored.plain == noise.count + 2 && stored.packed == nil)
    }

    @Test func `a sender's id with another body is told from the compressed one, too`() throws {
        let bytes = Self.push(commits: 50)
        let first = try accept(bytes, key: "a")
        #expect(try accept(bytes, key: "a") == .duplicate(event: first.event, isSameBody: true))
        var event = NewEvent.test("a")
        event.payload = try JSONText(checking: bytes + [0x20])
        event.bodyDigest = Digest(of: bytes + [0x20])
        let seen = try fixture.store.accept([
            Arrival(event, runs: [], isSame: { $0["ref"] == "refs/heads/main" })
        ])
        #expect(try seen.first?.get() == .duplicate(event: first.event, isSameBody: true))
    }

    @Test(
        "a damaged payload is told, and ends nothing",
        arguments: [
            "packed = x'FF00FF00FF'", "packed_size = packed_size + 1", "packed_size = -1",
            "packed_size = 9223372036854775807", "packed = x''",
        ])
    func damaged(change: String) throws {
        let id = try accept(Self.push(commits: 100)).event
        _ = try fixture.store.write("damaging") { db in try db.run("UPDATE event SET \(change)") }
        #expect(try code { _ = try fixture.reader.event(id) } == .damaged)
        #expect(try fixture.reader.events().items.count == 1)
    }

    @Test func `an event of an earlier version is read as it was stored`() throws {
        let bytes = Self.push(commits: 100)
        let id = try accept(bytes).event
        _ = try fixture.store.write("storing it as before") { db in
            try db.run(
                "UPDATE event SET payload = :payload, packed = NULL, packed_size = NULL",
                ["payload": String(decoding: bytes, as: UTF8.self)])
        }
        let event = try #require(try fixture.reader.event(id))
        #expect(event.payload["commits"]?.array?.count == 100)
        #expect(event.summary.payloadSize == bytes.count)
    }
}
