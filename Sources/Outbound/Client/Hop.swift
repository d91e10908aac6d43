import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One request of an exchange: the first one, or what a redirect made of it.
struct Hop: Sendable {
    let url: OutboundURL
    private let method: String
    private let headers: [(String, String)]
    private let body: [UInt8]?

    init(_ request: OutboundRequest, url: OutboundURL) {
        self.init(url: url, method: request.method, headers: request.headers, body: request.body)
    }

    private init(url: OutboundURL, method: String, headers: [(String, String)], body: [UInt8]?) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
    }

    var message: HTTPClientRequest {
        var message = HTTPClientRequest(url: url.text)
        message.method = HTTPMethod(rawValue: method)
        message.headers = HTTPHeaders(headers)
        if !message.headers.contains(name: "user-agent") { message.headers.add(name: "user-agent", value: "writ") }
        if !message.headers.contains(name: "accept") { message.headers.add(name: "accept", value: "*/*") }
        message.headers.add(name: "accept-encoding", value: "identity")
        if let body { message.body = .bytes(ByteBuffer(bytes: body)) }
        return message
    }

    /// Where an answer redirects to, if it does.
    static func location(of head: HTTPClientResponse) -> String? {
        switch head.status.code {
        case 301, 302, 303, 307, 308: head.headers.first(name: "location")
        default: nil
        }
    }

    /// What is sent to another origin: none of the headers that could hold a key, whatever their names are.
    private static let harmless: Set<String> = [
        "accept", "accept-language", "content-language", "content-type", "user-agent",
    ]

    /// The request that follows a redirect (RFC 9110, section 15.4; fault F122).
    func redirected(status: Int, to location: String) throws(OutboundError) -> Hop {
        let next: OutboundURL
        do {
            next = try url.resolving(location)
        } catch {
            throw OutboundError(.redirect, "\(url.origin) redirects to what is no usable URL: \(error.message)")
        }
        guard url.scheme == .http || next.scheme == .https else {
            throw OutboundError(.redirect, "\(url.origin) redirects from https to http; that is not followed")
        }
        var headers = self.headers
        if (next.scheme, next.host, next.port) != (url.scheme, url.host, url.port) {
            headers.removeAll { !Self.harmless.contains($0.0.lowercased()) }
        }
        let becomesGet = status == 303 ? method != "HEAD" : (status == 301 || status == 302) && method == "POST"
        guard becomesGet else { return Hop(url: next, method: method, headers: headers, body: body) }
        headers.removeAll { $0.0.lowercased().hasPrefix("content-") }
        return Hop(url: next, method: "GET", headers: headers, body: nil)
    }
}
