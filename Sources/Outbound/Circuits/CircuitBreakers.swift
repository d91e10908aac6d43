import Synchronization
import Values

/// Leaves hosts alone that failed several times in a row (fault E92): whoever waits for them does not wait in vain one
/// after the other, and they are not hit harder the less they can. After a pause one request is let through; its answer
/// closes the circuit, its failure doubles the pause.
package final class CircuitBreakers: Sendable {
    private let policy: CircuitPolicy
    private let now: @Sendable () -> Instant
    private let circuits = Mutex<[String: Circuit]>([:])
    private let refused = Mutex(0)
    private let listener = Mutex<AsyncStream<Void>.Continuation?>(nil)

    /// Hosts that are remembered; only those that failed last are.
    private static let hostLimit = 1_024

    package init(_ policy: CircuitPolicy = CircuitPolicy(), now: @escaping @Sendable () -> Instant) {
        self.policy = policy
        self.now = now
    }

    /// The host of a URL, by which circuits are told; `nil` for what is no URL.
    package static func origin(of url: String) -> String? { (try? OutboundURL(url))?.origin }

    /// The hosts that are left alone, by name.
    package var open: [OpenCircuit] {
        circuits.withLock { circuits in
            circuits.compactMap { origin, circuit -> OpenCircuit? in
                guard let opened = circuit.opened else { return nil }
                return OpenCircuit(
                    origin: origin, failures: circuit.failures, since: circuit.since ?? opened.at,
                    until: opened.at.advanced(by: opened.pause), error: circuit.error)
            }
        }.sorted { $0.origin < $1.origin }
    }

    /// Requests that were not sent.
    package var refusedCount: Int { refused.withLock { $0 } }

    /// How many requests to a host may go on at once: `nil` for as many as one likes, 0 while it is left alone, 1 while
    /// it is tried.
    package func allowance(of origin: String) -> Int? {
        let now = now()
        return circuits.withLock { circuits -> Int? in
            guard let circuit = circuits[origin], circuit.isOpen else { return nil }
            return circuit.rest(now) == .zero ? 1 : 0
        }
    }

    /// When the first of the hosts that are left alone is tried again.
    package func nextProbe(after now: Instant) -> Instant? {
        open.map(\.until).filter { $0 > now }.min()
    }

    /// Tells that a circuit was opened or closed. There is one listener; the one before hears no more.
    package func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        listener.withLock { listener in
            listener?.finish()
            listener = continuation
        }
        return stream
    }

    /// Leave to send a request; to be given back with what came of it.
    struct Pass: Sendable {
        let origin: String
        let isProbe: Bool
    }

    func enter(_ origin: String) throws(OutboundError) -> Pass {
        let now = now()
        let (entry, failures) = circuits.withLock { circuits -> (Circuit.Entry, Int) in
            let entry = circuits[origin]?.enter(now) ?? .open
            return (entry, circuits[origin]?.failures ?? 0)
        }
        switch entry {
        case .open: return Pass(origin: origin, isProbe: false)
        case .probe: return Pass(origin: origin, isProbe: true)
        case .refused(let wait):
            refused.withLock { $0 += 1 }
            throw OutboundError(
                .circuitOpen, "\(origin) failed \(failures) times in a row and is left alone for a while",
                retryAfter: wait)
        }
    }

    func leave(_ pass: Pass, _ verdict: Circuit.Verdict) {
        let now = now()
        let hasChanged = circuits.withLock { circuits -> Bool in
            if verdict == .answered { return circuits.removeValue(forKey: pass.origin)?.isOpen == true }
            guard verdict != .unknown || circuits[pass.origin] != nil else { return false }
            var circuit = circuits[pass.origin] ?? Circuit()
            let before = circuit.opened?.at
            circuit.leave(verdict, wasProbe: pass.isProbe, policy, now)
            if circuits[pass.origin] == nil, circuits.count >= Self.hostLimit {
                guard let other = circuits.first(where: { !$0.value.isOpen })?.key else { return false }
                circuits[other] = nil
            }
            circuits[pass.origin] = circuit
            return circuit.opened?.at != before
        }
        if hasChanged { listener.withLock { _ = $0?.yield() } }
    }
}

extension Circuit.Verdict {
    init(_ response: OutboundResponse) {
        switch response.status {
        // What it cannot do at all says nothing of how it is.
        case 501, 505: self = .answered
        case 500...: self = .failed("it answers with status \(response.status)")
        default: self = .answered
        }
    }

    init(_ error: OutboundError) {
        switch error.code {
        case .timeout, .connect, .tls, .protocol: self = .failed(error.message)
        case .tooLarge, .redirect: self = .answered
        case .refusedAddress, .badURL, .badHeader, .badSecret, .cancelled, .circuitOpen: self = .unknown
        }
    }
}
