import Outbound
import Values

struct HTTPReply: Sendable {
    let status: Int
    let text: String

    var json: JSON { get throws { try JSON(parsing: text) } }
}

/// One request over a connection of its own.
enum HTTPCall {
    static func send(
        _ method: String, _ url: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> HTTPReply {
        let client = OutboundClient()
        let result: Result<OutboundResponse, OutboundError>
        do {
            result = .success(
                try await client.send(
                    OutboundRequest(
                        method: method, url: url, headers: headers, body: body, timeout: .seconds(30),
                        maxResponseBytes: 4 << 20, policy: .allowPrivate)))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        let response = try result.get()
        return HTTPReply(status: response.status, text: response.text)
    }
}
