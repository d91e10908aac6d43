import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Values

/// The only way out by HTTP.
///
/// A name is resolved here, every address is checked against the request's policy, and the connection goes to exactly a
/// checked address, on every redirect anew (faults F120-F123). TLS certificates are always verified. Answers are not
/// decompressed. `shutdown()` must be awaited before the client goes.
package final class OutboundClient: Sendable {
    private let resolver: any AddressResolver
    private let clock: any Clock<Duration>
    private let pools: ConnectionPools
    private let circuits: CircuitBreakers?

    /// Addresses of one name that are tried before giving up.
    private static let addressLimit = 4

    /// - Parameters:
    ///   - clock: what `timeout` is measured with.
    ///   - connectTimeout: for one address, TLS included.
    ///   - maxHosts: hosts to which idle connections are kept.
    ///   - circuits: which hosts are left alone for a while; without, every request is sent.
    package init(
        resolver: any AddressResolver = SystemResolver(),
        clock: any Clock<Duration> = ContinuousClock(),
        connectTimeout: Duration = .seconds(10),
        maxHosts: Int = 32,
        circuits: CircuitBreakers? = nil
    ) {
        self.circuits = circuits
        self.resolver = resolver
        self.clock = clock
        pools = ConnectionPools(limit: maxHosts, connectTimeout: connectTimeout)
    }

    /// Sends a request and reads the whole answer. A status such as 404 or 500 is an answer, not an error.
    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        try HeaderCheck.check(method: request.method)
        try HeaderCheck.check(request.headers)
        let hop = Hop(request, url: try OutboundURL(request.url))
        guard let circuits else { return try await exchange(hop, request) }
        let pass = try circuits.enter(hop.url.origin)
        do {
            let response = try await exchange(hop, request)
            circuits.leave(pass, Circuit.Verdict(response))
            return response
        } catch {
            circuits.leave(pass, Circuit.Verdict(error))
            throw error
        }
    }

    private func exchange(_ hop: Hop, _ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        try await within(request.timeout, of: hop.url) { () async throws(OutboundError) in
            try await self.follow(hop, request)
        }
    }

    /// Closes all connections; requests that are still under way end with an error.
    package func shutdown() async {
        await pools.shutdown()
    }

    private func follow(_ first: Hop, _ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let limit = min(max(request.followRedirects, 0), OutboundRequest.redirectLimit)
        var hop = first
        var count = 0
        while true {
            let answer: Answer
            do {
                answer = try await send(hop, request, mayRedirect: limit > 0)
            } catch {
                throw count == 0 ? error : error.afterSending()
            }
            switch answer {
            case .response(let response):
                return response
            case .redirect(let status, let location):
                count += 1
                guard count <= limit else {
                    throw OutboundError(.redirect, "\(first.url.origin) redirects more than \(limit) times")
                }
                hop = try hop.redirected(status: status, to: location)
            }
        }
    }

    /// One hop: to the first of its addresses that accepts a connection.
    private func send(
        _ hop: Hop, _ request: OutboundRequest, mayRedirect: Bool
    ) async throws(OutboundError) -> Answer {
        let addresses = try await resolver.addresses(of: hop.url.host)
        try request.policy.check(addresses, of: hop.url)
        var failure = OutboundError(.connect, "the host \(hop.url.host) has no address")
        for address in addresses.prefix(Self.addressLimit) {
            do {
                return try await exchange(hop, at: address, request, mayRedirect: mayRedirect)
            } catch {
                guard error.code == .connect else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func exchange(
        _ hop: Hop, at address: IPAddress, _ request: OutboundRequest, mayRedirect: Bool
    ) async throws(OutboundError) -> Answer {
        let key = ConnectionPools.Key(host: hop.url.host, address: address)
        let client = try await pools.lease(key)
        let result: Result<Answer, OutboundError>
        do {
            let head = try await client.execute(hop.message, deadline: .distantFuture)
            if mayRedirect, let location = Hop.location(of: head) {
                result = .success(.redirect(status: Int(head.status.code), location: location))
            } else {
                let reader = BodyReader(limit: request.maxResponseBytes, cuts: request.cutsResponse, url: hop.url)
                let (body, isCut) =
                    request.statusDecides
                    ? (await reader.readIfEasy(head, clock: clock), false) : try await reader.read(head)
                let headers = OutboundHeaders(head.headers.map { ($0.name, $0.value) })
                let response = OutboundResponse(
                    status: Int(head.status.code), headers: headers, body: body, isCut: isCut)
                result = .success(.response(response))
            }
        } catch {
            result = .failure(OutboundError(mapping: error, of: hop.url))
        }
        await pools.release(key)
        return try result.get()
    }

    /// Races the work against the clock: AsyncHTTPClient's own deadline ends with the head of the answer, and a body
    /// could drip for ever.
    private func within(
        _ timeout: Duration, of url: OutboundURL,
        _ work: @escaping @Sendable () async throws(OutboundError) -> OutboundResponse
    ) async throws(OutboundError) -> OutboundResponse {
        let clock = self.clock
        let late = OutboundError(.timeout, "no complete answer from \(url.origin) within \(timeout.manifestText)")
        let cancelled = OutboundError(.cancelled, "the request to \(url.origin) was given up")
        let result = await withTaskGroup(of: Result<OutboundResponse, OutboundError>.self) { group in
            group.addTask {
                do throws(OutboundError) {
                    return .success(try await work())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                do {
                    try await clock.sleep(for: timeout)
                    return .failure(late)
                } catch {
                    return .failure(cancelled)
                }
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(cancelled)
        }
        return try result.get()
    }
}

private enum Answer: Sendable {
    case response(OutboundResponse)
    case redirect(status: Int, location: String)
}
