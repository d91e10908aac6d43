import Apply
import HTTPTypes
import Values

/// `GET /api/v1/baseline`: what CI needs to plan against this state, and nothing else of it.
package struct BaselineRoutes: Sendable {
    let source: StateSource
    let salt: @Sendable () -> String

    var routes: [Route] {
        [Route(.get, "/api/v1/baseline", .guarded) { try baseline($0) }]
    }

    private func baseline(_ call: Call) throws -> Answer {
        try call.query.check(["events"])
        var events = Baseline.events
        if let text = call.query["events"] {
            guard let count = Int(text), (0...Baseline.eventLimit).contains(count) else {
                throw Problem(400, "`events` must be a number from 0 to \(Baseline.eventLimit)")
            }
            events = count
        }
        guard let baseline = try Baseline(source.reader, at: source.now(), events: events, salt: salt()) else {
            throw Problem(503, "no revision is applied yet", retryAfter: 5)
        }
        return .json(baseline.json)
    }

    /// 128 bits of the system's randomness, in hex.
    @Sendable package static func randomSalt() -> String {
        (0..<4).map { _ in
            let digits = String(UInt32.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}
