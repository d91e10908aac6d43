import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Reads a body up to a limit (fault F123). Leaving early closes the connection.
struct BodyReader {
    let limit: Int
    let url: OutboundURL

    func read(_ head: HTTPClientResponse) async throws -> [UInt8] {
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limit,
            head.status != .notModified
        {
            throw tooLarge
        }
        let coding = head.headers.first(name: "content-encoding")?.lowercased() ?? "identity"
        var bytes: [UInt8] = []
        for try await part in head.body {
            // A few bytes of gzip can be gigabytes of text; nothing encoded was asked for.
            guard coding == "identity" else {
                throw OutboundError(.protocol, "\(url.origin) answers compressed, though that was not asked for")
            }
            guard part.readableBytes <= limit - bytes.count else { throw tooLarge }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    private var tooLarge: OutboundError {
        OutboundError(.tooLarge, "the answer of \(url.origin) is over \(limit) bytes")
    }
}
