import Apply
import ArgumentParser
import Git
import Outbound
import Server
import Values

/// A baseline to plan against, in the place of a state.
struct BaselineOptions: ParsableArguments {
    @Option(
        name: .customLong("baseline"),
        help: ArgumentHelp(
            "Plan against what a server gives away of its state: a file, or https://HOST/api/v1/baseline (WRIT_BASELINE)",
            valueName: "file|url"))
    var given: String?

    @Option(
        help: ArgumentHelp(
            "Where the server's API token is: env:NAME (default WRIT_API_TOKEN, where that is set)",
            valueName: "env:name"))
    var baselineToken: String?

    var place: String? { given ?? Environment["WRIT_BASELINE"] }

    private static let limit = 64 << 20

    /// Nil where none was asked for.
    func read() async throws -> Baseline? {
        guard let place else { return nil }
        let isRemote = place.hasPrefix("https://") || place.hasPrefix("http://")
        try checkTransport(place)
        let bytes = isRemote ? try await fetch(place) : try file(place)
        let limits = JSONLimits(depth: 128, bytes: Self.limit, nodes: 8_000_000)
        guard let json = try? JSON(parsing: bytes, limits: limits), let baseline = Baseline(json: json) else {
            throw CommandFailure(
                "\(RepositoryLocation.withoutCredentials(place)) is not a baseline of this version: make one with `writ baseline`, or ask /api/v1/baseline"
            )
        }
        return baseline
    }

    /// The token would go over the network in the clear.
    private func checkTransport(_ place: String) throws {
        guard place.hasPrefix("http://") else { return }
        let host = place.dropFirst("http://".count).prefix { !"/?#".contains($0) }.split(separator: "@").last ?? ""
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        guard ListenPolicy.isLoopback(String(name)) else {
            throw CommandFailure("--baseline takes https, or http on this machine only: the API token goes with it")
        }
    }

    private func file(_ place: String) throws -> [UInt8] {
        guard let bytes = SmallFile.read(place, limit: Self.limit) else {
            throw CommandFailure("the baseline `\(place)` \(SmallFile.problem(place, limit: Self.limit))")
        }
        return bytes
    }

    private func token() throws -> String? {
        guard let baselineToken else { return Environment["WRIT_API_TOKEN"] }
        guard baselineToken.hasPrefix("env:") else {
            throw CommandFailure("--baseline-token names a variable, it is not the token itself: write env:NAME")
        }
        let name = String(baselineToken.dropFirst("env:".count))
        guard let token = Environment[name] else { throw CommandFailure("the variable \(name) is not set") }
        return token
    }

    private func fetch(_ url: String) async throws -> [UInt8] {
        var headers = [("Accept", "application/json")]
        if let token = try token() { headers.append(("Authorization", "Bearer \(token)")) }
        let client = OutboundClient()
        let result: Result<OutboundResponse, OutboundError>
        do {
            // The address is the operator's word, as a provider's is. A redirect would carry the token elsewhere.
            result = .success(
                try await client.send(
                    OutboundRequest(
                        url: url, headers: headers, timeout: .seconds(60), maxResponseBytes: Self.limit,
                        policy: .allowPrivate)))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        let response = try result.get()
        switch response.status {
        case 200: return response.body
        case 401, 403:
            throw CommandFailure(
                "the server wants its API token: set WRIT_API_TOKEN, or give --baseline-token env:NAME")
        case 503: throw CommandFailure("the server has no revision in force yet, or is not ready: try later")
        case let status: throw CommandFailure("the server answered \(status) in the place of a baseline")
        }
    }
}
