import HTTPTypes
import Values

/// One thing that the server answers.
struct Route: Sendable {
    enum Access: Sendable {
        /// For everybody: hooks check signatures themselves, probes say nothing.
        case open
        /// For who shows the token, where one is set.
        case guarded
    }

    let method: HTTPRequest.Method
    /// `nil` stands for any one segment.
    let pattern: [String?]
    let access: Access
    let handler: @Sendable (Call) async throws -> Answer

    private init(
        method: HTTPRequest.Method, pattern: [String?], access: Access,
        handler: @escaping @Sendable (Call) async throws -> Answer
    ) {
        self.method = method
        self.pattern = pattern
        self.access = access
        self.handler = handler
    }

    /// - Parameter path: `/api/v1/runs/*`
    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access,
        _ handler: @escaping @Sendable (Call) async throws -> Answer
    ) {
        self.method = method
        self.pattern = path.split(separator: "/").map { $0 == "*" ? nil : String($0) }
        self.access = access
        self.handler = handler
    }

    /// The same with another handler.
    func handled(by handler: @escaping @Sendable (Call) async throws -> Answer) -> Route {
        Route(method: method, pattern: pattern, access: access, handler: handler)
    }

    /// What stands for the pattern's placeholders; `nil` if the path is not this one.
    func parameters(in segments: [String]) -> [String]? {
        guard segments.count == pattern.count else { return nil }
        var parameters: [String] = []
        for (expected, segment) in zip(pattern, segments) {
            if let expected {
                guard expected == segment else { return nil }
            } else {
                parameters.append(segment)
            }
        }
        return parameters
    }
}

/// All routes of one listener. A path that is there for another method is 405, with what it takes.
struct RouteTable: Sendable {
    let routes: [Route]

    struct Match: Sendable {
        let route: Route
        let parameters: [String]
    }

    /// - Parameter path: without the query; a slash at its end does not count
    func match(_ method: HTTPRequest.Method, _ path: String) throws(Problem) -> Match {
        let segments = try Self.segments(of: path)
        // Where two fit, the one with fewer placeholders comes first in the table.
        let fitting = routes.compactMap { route in
            route.parameters(in: segments).map { Match(route: route, parameters: $0) }
        }
        guard !fitting.isEmpty else { throw .notFound("there is nothing at this path") }
        let wanted: HTTPRequest.Method = method == .head ? .get : method
        if let match = fitting.first(where: { $0.route.method == wanted }) { return match }
        var allowed = Set(fitting.map(\.route.method.rawValue))
        if allowed.contains("GET") { allowed.insert("HEAD") }
        let allow = allowed.sorted().joined(separator: ", ")
        throw Problem(405, "this path takes \(allow)", allow: allow)
    }

    private static func segments(of path: String) throws(Problem) -> [String] {
        var segments: [String] = []
        for part in path.split(separator: "/") {
            guard let segment = PercentEncoding.decode(part) else {
                throw Problem(400, "the path is not percent-encoded UTF-8")
            }
            segments.append(segment)
        }
        return segments
    }
}
