import Outbound
import Synchronization
import Testing

/// Answers from a table: the first list on the first question, and so on; the last one stays.
final class TableResolver: AddressResolver {
    private let table: [String: [[String]]]
    private let questions = Mutex<[String]>([])

    init(_ table: [String: [[String]]]) {
        self.table = table
    }

    var asked: [String] { questions.withLock { $0 } }

    func addresses(of host: String) async throws(OutboundError) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        let earlier = questions.withLock { questions in
            defer { questions.append(host) }
            return questions.count { $0 == host }
        }
        guard let answers = table[host], let last = answers.last else {
            throw OutboundError(.connect, "the host \(host) cannot be resolved: not in the table")
        }
        return (earlier < answers.count ? answers[earlier] : last).compactMap { IPAddress($0) }
    }
}

/// Runs `body` with a client that is shut down afterwards.
func withClient<Result: Sendable>(
    resolver: any AddressResolver = TableResolver([:]), maxHosts: Int = 32,
    _ body: (OutboundClient) async throws -> Result
) async throws -> Result {
    let client = OutboundClient(resolver: resolver, maxHosts: maxHosts)
    let result: Result
    do {
        result = try await body(client)
    } catch {
        await client.shutdown()
        throw error
    }
    await client.shutdown()
    return result
}

extension OutboundClient {
    /// The error that sending ends with; fails the test when there is none.
    func refusal(_ request: OutboundRequest, sourceLocation: SourceLocation = #_sourceLocation) async -> OutboundError?
    {
        do throws(OutboundError) {
            let response = try await send(request)
            Issue.record("answered \(response.status)", sourceLocation: sourceLocation)
            return nil
        } catch {
            return error
        }
    }
}
