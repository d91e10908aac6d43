import Outbound
import Spec
import State

/// How much may be begun that goes to hosts which are left alone for a while. What waits for them stays in the queue:
/// it uses up no attempt, and holds no place that others can use.
struct HostAllowances: Sendable {
    private let circuits: CircuitBreakers
    private let revision: RevisionInForce

    private static let unbounded = Int.max

    /// `nil` where every host may be asked.
    init?(_ circuits: CircuitBreakers?, _ revision: RevisionInForce?) {
        guard let circuits, let revision, !circuits.open.isEmpty else { return nil }
        self.circuits = circuits
        self.revision = revision
    }

    fileprivate func of(target: RunTarget) -> Int {
        switch target {
        case .agent(let name): allowance(revision.provider(of: name).flatMap(address(ofProvider:)))
        case .tool(let name): allowance(revision.catalog.spec(Tool.self, named: name).flatMap(CalledHost.url(of:)))
        }
    }

    fileprivate func of(channel name: String) -> Int {
        allowance(revision.catalog.spec(Channel.self, named: name).flatMap(CalledHost.url(of:)))
    }

    private func address(ofProvider name: String) -> String? {
        revision.catalog.spec(Provider.self, named: name).flatMap(CalledHost.url(of:))
    }

    private func allowance(_ url: String?) -> Int {
        url.flatMap(CircuitBreakers.origin(of:)).flatMap(circuits.allowance(of:)) ?? Self.unbounded
    }
}

extension HostAllowances? {
    func of(target: RunTarget) -> Int { self?.of(target: target) ?? .max }

    func of(channel name: String) -> Int { self?.of(channel: name) ?? .max }
}
