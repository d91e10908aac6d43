import Outbound
import Spec
import Values

/// Calls tools over HTTP. What it gives back holds no secret of the run.
struct ToolCaller: Sendable {
    let client: OutboundClient
    let secrets: RunSecrets
    let now: @Sendable () -> Instant

    /// Everything that can be wrong before something is sent.
    ///
    /// - Parameter key: by which the service knows the call again
    func request(_ entry: ToolEntry, _ arguments: JSON, key: String?) throws(ToolFailure) -> OutboundRequest {
        guard !entry.tool.suspend else {
            throw ToolFailure(.suspended, "the tool \(entry.name) is suspended and was not called")
        }
        try ToolArguments.check(arguments, of: entry.tool)
        guard let http = entry.tool.http else {
            throw ToolFailure(.badRequest, "the tool \(entry.name) has no HTTP request")
        }
        do {
            return try HTTPToolRequest(http: http, arguments: arguments, secrets: secrets, key: key)
                .made(timeout: entry.tool.timeout)
        } catch {
            throw error.redacted(secrets)
        }
    }

    func send(_ request: OutboundRequest) async throws(ToolFailure) -> String {
        do {
            return secrets.redact(try HTTPToolAnswer.text(try await response(request), now: now()))
        } catch {
            throw error.redacted(secrets)
        }
    }

    private func response(_ request: OutboundRequest) async throws(ToolFailure) -> OutboundResponse {
        do {
            return try await client.send(request)
        } catch {
            throw ToolFailure(error)
        }
    }
}
