import State
import Values

extension UndeliveredMessages {
    /// `2 messages given up, 1 to be sent again, since 2026-01-31T09:00:00Z; the last: the receiver answered 404`
    /// and `; one got through after it, at 2026-01-31T10:00:00Z`
    package var line: String {
        "\(counts), since \(since.rfc3339); the last: \(lastError)"
            + (recoveredAt.map { "; one got through after it, at \($0.rfc3339)" } ?? "")
    }

    /// `2 messages given up, 1 to be sent again`
    var counts: String {
        let given = failed == 0 ? nil : "\(HumanText.count(failed)) \(failed == 1 ? "message" : "messages") given up"
        let again = waiting == 0 ? nil : "\(HumanText.count(waiting)) to be sent again"
        return [given, again].compactMap(\.self).joined(separator: ", ")
    }

    func write(to object: inout JSONObject) {
        object.set("failed", failed)
        object.set("waiting", waiting)
        object.set("since", since)
        object.set("responseStatus", responseStatus)
        object.set("error", lastError)
        object.set("recoveredAt", recoveredAt)
    }
}
