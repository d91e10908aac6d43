import GRDB
import Values

/// Something that arrived and is to be stored.
package struct NewEvent: Sendable {
    /// What it came in by: `trigger/on-push`, `repository/site`, `schedule`, `manual`. Keys are unique within it.
    package var endpoint: String
    /// The sender's own id of the delivery; `nil` for what has none, which is never a duplicate.
    package var dedupeKey: String?
    /// `pull_request.opened`
    package var name: String
    /// `github`
    package var source: String
    package var payload: JSONText
    /// By lower-case name; without signatures and credentials.
    package var headers: JSON
    package var receivedAt: Instant
    /// Of the body's bytes as they came.
    package var bodyDigest: Digest
    /// What each trigger that heard of it made of it, with the reason where it started nothing; `nil` for what was for
    /// one trigger alone. The first 256 KiB are stored.
    package var decisions: JSON?
    /// Where its sender takes answers.
    package var answerAddress: AnswerAddress?

    /// - Parameter bodyDigest: the payload's if left out, for what came in without bytes
    package init(
        endpoint: String, dedupeKey: String? = nil, name: String, source: String, payload: JSON, headers: JSON = [:],
        receivedAt: Instant, bodyDigest: Digest? = nil, decisions: JSON? = nil
    ) {
        self.init(
            endpoint: endpoint, dedupeKey: dedupeKey, name: name, source: source, payload: JSONText(payload),
            headers: headers, receivedAt: receivedAt, bodyDigest: bodyDigest, decisions: decisions)
    }

    /// - Parameter payload: stored as it came
    package init(
        endpoint: String, dedupeKey: String? = nil, name: String, source: String, payload: JSONText,
        headers: JSON = [:], receivedAt: Instant, bodyDigest: Digest? = nil, decisions: JSON? = nil,
        answerAddress: AnswerAddress? = nil
    ) {
        self.endpoint = endpoint
        self.dedupeKey = dedupeKey
        self.name = name
        self.source = source
        self.payload = payload
        self.headers = headers
        self.receivedAt = receivedAt
        self.bodyDigest = bodyDigest ?? Digest(of: payload.bytes)
        self.decisions = decisions
        self.answerAddress = answerAddress
    }
}

/// A row of the inbox without its content.
package struct EventSummary: Sendable, Hashable {
    package let id: String
    package let endpoint: String
    /// What that is called now.
    package let currentEndpoint: String
    package let dedupeKey: String?
    package let name: String
    package let source: String
    package let receivedAt: Instant
    package let bodyDigest: Digest
    /// Bytes of the payload.
    package let payloadSize: Int

    static let columns = """
        seq, id, endpoint, dedupe_key, name, source, received_at, body_digest,
        coalesce(packed_size, length(CAST(payload AS BLOB))) AS payload_size,
        \(FormerEndpoints.now("event", place: "seq")) AS current_endpoint
        """

    init(row: Row) throws {
        id = try row.get("id")
        endpoint = try row.get("endpoint")
        currentEndpoint = try row.get("current_endpoint")
        dedupeKey = try row.find("dedupe_key")
        name = try row.get("name")
        source = try row.get("source")
        receivedAt = try row.get("received_at")
        bodyDigest = try row.get("body_digest")
        payloadSize = try row.get("payload_size")
    }
}

/// A row of the inbox.
package struct Event: Sendable, Hashable {
    package let summary: EventSummary
    package let payload: JSON
    package let headers: JSON
    package let decisions: JSON?

    init(row: Row) throws {
        summary = try EventSummary(row: row)
        payload = try Self.payload(of: row)
        headers = try row.get("headers")
        decisions = try row.find("decisions")
    }

    static let payloadColumns = "payload, packed, packed_size"

    static func payload(of row: Row) throws -> JSON {
        guard let size: Int = try row.find("packed_size") else { return try row.get("payload") }
        let bytes = try row.withUnsafeData(named: "packed") { $0.map { [UInt8]($0) } } ?? []
        guard let text = PackedText(bytes: bytes, size: size).text(),
            let payload = JSON(stored: String(decoding: text, as: UTF8.self))
        else {
            throw StateError(.damaged, "an event's payload is damaged: restore a backup with `writ restore FILE`")
        }
        return payload
    }
}

/// Which events are asked for; every part that is there must hold.
package struct EventFilter: Sendable, Hashable {
    package var endpoint: String?
    package var name: String?
    package var source: String?

    package init(endpoint: String? = nil, name: String? = nil, source: String? = nil) {
        self.endpoint = endpoint
        self.name = name
        self.source = source
    }
}
