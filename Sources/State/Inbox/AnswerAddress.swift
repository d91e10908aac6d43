import GRDB
import Values

/// Where the sender of an event takes answers for a while, as Slack does at a command's `response_url`. Whoever knows
/// the address may answer: it is in no event, run, delivery, log or error.
package struct AnswerAddress: Sendable, Hashable {
    package let url: String
    package let until: Instant

    package init(url: String, until: Instant) {
        self.url = url
        self.until = until
    }
}

extension AnswerAddress: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "an address until \(until.rfc3339)" }

    package var debugDescription: String { description }
}

extension StateReader {
    /// Where the event of a run is answered; `nil` where nobody waits, or no longer.
    package func answerAddress(ofRun id: String, at now: Instant) throws(StateError) -> AnswerAddress? {
        try read("reading where to answer") { db in
            try db.row(
                """
                SELECT a.url, a.until FROM run AS r JOIN answer_address AS a ON a.event_id = r.event_id
                WHERE r.id = :id AND a.until > :now
                """, ["id": id, "now": now]
            ).map { AnswerAddress(url: try $0.get("url"), until: try $0.get("until")) }
        }
    }
}

extension StateStore {
    /// Forgets addresses at which no answer is taken any more. Returns how many.
    @discardableResult
    package func forgetAnswerAddresses(now: Instant) throws(StateError) -> Int {
        try write("forgetting where to answer", silently: true) { db in try db.forgetAnswerAddresses(now: now) }
    }
}

extension Database {
    func insert(_ address: AnswerAddress, of event: String, now: Instant) throws {
        try forgetAnswerAddresses(now: now)
        try run(
            "INSERT INTO answer_address (event_id, url, until) VALUES (:event, :url, :until)",
            ["event": event, "url": address.url, "until": address.until])
    }

    @discardableResult
    fileprivate func forgetAnswerAddresses(now: Instant) throws -> Int {
        try run("DELETE FROM answer_address WHERE until <= :now", ["now": now])
    }
}
