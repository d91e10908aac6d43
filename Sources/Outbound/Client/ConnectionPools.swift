import AsyncHTTPClient
import NIOCore
import NIOPosix
import Values

/// One AsyncHTTPClient for each host and checked address, so that a connection which was opened to an address is only
/// ever used for the name that it was checked for (fault F121). The least recently used ones are shut down.
actor ConnectionPools {
    struct Key: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var lastUse: UInt64 = 0
    }

    private let limit: Int
    private let connectTimeout: Duration
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private var closing: [UInt64: Task<Void, Never>] = [:]
    private var isShutDown = false

    init(limit: Int, connectTimeout: Duration) {
        self.limit = max(limit, 1)
        self.connectTimeout = connectTimeout
    }

    /// A client whose every connection goes to `key.address`. To be given back with `release`.
    func lease(_ key: Key) throws(OutboundError) -> HTTPClient {
        guard !isShutDown else {
            throw OutboundError(.cancelled, "the HTTP client is shut down", mayHaveArrived: false)
        }
        uses += 1
        var entry = entries[key] ?? Entry(client: makeClient(key))
        entry.users += 1
        entry.lastUse = uses
        entries[key] = entry
        trim()
        return entry.client
    }

    func release(_ key: Key) {
        entries[key]?.users -= 1
        trim()
    }

    func shutdown() async {
        isShutDown = true
        for key in entries.keys { close(key) }
        for task in closing.values { await task.value }
    }

    private func trim() {
        while entries.count > limit,
            let oldest = entries.filter({ $0.value.users <= 0 }).min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            close(oldest.key)
        }
    }

    private func close(_ key: Key) {
        guard let client = entries.removeValue(forKey: key)?.client else { return }
        uses += 1
        let number = uses
        closing[number] = Task {
            // The only error is that it was shut down before.
            try? await client.shutdown()
            closed(number)
        }
    }

    private func closed(_ number: UInt64) {
        closing[number] = nil
    }

    private func makeClient(_ key: Key) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .milliseconds(connectTimeout.milliseconds)),
            decompression: .disabled
        )
        // A host that is an address already is connected to as it is.
        if key.host != key.address.description { configuration.dnsOverride = [key.host: key.address.description] }
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        // Trying again is the callers' business: see `RetryPolicy`.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    deinit {
        // AsyncHTTPClient traps in debug builds when it is dropped without this.
        let clients = entries.values.map(\.client)
        if !clients.isEmpty {
            Task.detached {
                for client in clients { try? await client.shutdown() }
            }
        }
    }
}
