import HTTPTypes
import Values

/// A request, as its handler sees it.
struct Call: Sendable {
    let method: HTTPRequest.Method
    /// What stands in the path for the pattern's placeholders, percent-decoded.
    let parameters: [String]
    let query: Query
    let headers: HTTPFields
    /// Reads the body within the limits of size and time.
    let body: @Sendable () async throws -> [UInt8]

    func parameter(_ index: Int = 0) -> String {
        parameters.indices.contains(index) ? parameters[index] : ""
    }
}

/// The query of a URL. What is not known is refused, so that a misspelt filter never means all.
struct Query: Sendable {
    private let items: [(name: String, value: String)]

    /// - Parameter text: what stands behind the question mark
    init(_ text: String?) throws(Problem) {
        var items: [(name: String, value: String)] = []
        for part in (text ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = pair.first.flatMap({ PercentEncoding.decode($0, plusIsSpace: true) }),
                let value = PercentEncoding.decode(pair.count > 1 ? pair[1] : "", plusIsSpace: true)
            else { throw Problem(400, "the query is not percent-encoded UTF-8") }
            guard items.count < 32 else { throw Problem(400, "the query has more than 32 parameters") }
            items.append((name, value))
        }
        self.items = items
    }

    /// Throws for a parameter that is not among the names, or stands there twice.
    func check(_ names: [String]) throws(Problem) {
        var seen: Set<String> = []
        for (name, _) in items {
            guard names.contains(name) else {
                let known = names.isEmpty ? "there are none here" : "there are \(names.joined(separator: ", "))"
                throw Problem(400, "unknown parameter \(name.prefix(64)): \(known)")
            }
            guard seen.insert(name).inserted else { throw Problem(400, "the parameter \(name) stands there twice") }
        }
    }

    subscript(name: String) -> String? { items.first { $0.name == name }?.value }
}
