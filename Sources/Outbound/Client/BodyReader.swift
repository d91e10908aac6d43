import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Reads a body up to a limit (fault F123). Leaving early closes the connection.
struct BodyReader {
    let limit: Int
    /// Whether what is over the limit is left out, and not an error.
    let cuts: Bool
    let url: OutboundURL

    func read(_ head: HTTPClientResponse) async throws -> (bytes: [UInt8], isCut: Bool) {
        if !cuts, let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limit,
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
            let rest = limit - bytes.count
            guard part.readableBytes <= rest else {
                guard cuts else { throw tooLarge }
                return (bytes + part.readableBytesView.prefix(rest), true)
            }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return (bytes, false)
    }

    /// What can be read at once; empty where that is not the whole body, whatever is the matter with it.
    func readIfEasy(_ head: HTTPClientResponse, clock: any Clock<Duration>) async -> [UInt8] {
        await withTaskGroup(of: [UInt8].self) { group in
            group.addTask { (try? await read(head))?.bytes ?? [] }
            group.addTask {
                try? await clock.sleep(for: Self.patience)
                return []
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? []
        }
    }

    /// For a body that nobody needs: the connection is of use for the next request only when it was read.
    private static let patience = Duration.seconds(2)

    private var tooLarge: OutboundError {
        OutboundError(.tooLarge, "the answer of \(url.origin) is over \(limit) bytes")
    }
}
