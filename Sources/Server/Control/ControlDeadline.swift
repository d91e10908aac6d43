import HTTPTypes
import NIOCore

/// Until when what a command asks for is wanted. `serve` may have been stopped since: who asked has been told that
/// nothing came of it, and asks again.
///
/// The clock is the machine's since it started, which both processes read and nobody sets.
struct ControlDeadline: Sendable {
    static let header = "writ-wanted-until"
    /// For what `serve` does at once, however much there is of it.
    static let patience = Duration.seconds(60)

    /// Refuses a request that nobody waits for any more. One that says nothing is always in time.
    static func checked(_ route: Route) -> Route {
        let handler = route.handler
        return route.handled(by: { call in
            if let text = HTTPField.Name(header).flatMap({ call.headers[$0] }) {
                guard let until = UInt64(text) else { throw Problem(400, "`\(header)` is no number") }
                guard NIODeadline.now().uptimeNanoseconds < until else {
                    throw Problem(503, "this was asked for too long ago, and nothing was done: ask again")
                }
            }
            return try await handler(call)
        })
    }
}
