import Glibc
import NIOPosix
import Synchronization

/// The system's resolver, `getaddrinfo`, on threads of its own, as it blocks.
package struct SystemResolver: AddressResolver {
    /// Four names at a time; a lost name server then delays names, not the event loops.
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        return pool
    }()

    package init() {}

    package func addresses(of host: String) async throws(OutboundError) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        let answer = Answer()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.wait(continuation)
                Self.threads.submit { state in
                    guard case .active = state, !answer.isGiven else { return answer.give(Self.cancelled(host)) }
                    answer.give(Self.lookUp(host))
                }
            }
        } onCancel: {
            // The call itself cannot be stopped; nobody waits for it any more.
            answer.give(Self.cancelled(host))
        }
        return try result.get()
    }

    private static func cancelled(_ host: String) -> Result<[IPAddress], OutboundError> {
        .failure(OutboundError(.cancelled, "resolving \(host) was given up", mayHaveArrived: false))
    }

    private static func lookUp(_ host: String) -> Result<[IPAddress], OutboundError> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            let reason = gai_strerror(status).map { String(cString: $0) } ?? "error \(status)"
            return .failure(OutboundError(.connect, "the host \(host) cannot be resolved: \(reason)"))
        }
        defer { freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next, addresses.count < 64 {
            let memory = UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
            if let address = IPAddress(socketAddress: memory), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else {
            return .failure(OutboundError(.connect, "the host \(host) has no address"))
        }
        return .success(addresses)
    }
}

/// An answer that is given once, to one waiter, whichever comes first.
private final class Answer: Sendable {
    private typealias Value = Result<[IPAddress], OutboundError>

    private struct State {
        var value: Value?
        var waiter: CheckedContinuation<Result<[IPAddress], OutboundError>, Never>?
    }

    private let state = Mutex(State())

    var isGiven: Bool { state.withLock { $0.value != nil } }

    func wait(_ continuation: CheckedContinuation<Result<[IPAddress], OutboundError>, Never>) {
        let value: Value? = state.withLock { state in
            if state.value == nil { state.waiter = continuation }
            return state.value
        }
        if let value { continuation.resume(returning: value) }
    }

    func give(_ value: Result<[IPAddress], OutboundError>) {
        let waiter = state.withLock { state in
            guard state.value == nil else { return nil as CheckedContinuation<Value, Never>? }
            state.value = value
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: value)
    }
}
