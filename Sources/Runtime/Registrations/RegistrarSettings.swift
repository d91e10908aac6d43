import Outbound
import Spec
import Values

/// What the operator says about the senders of webhooks.
package struct RegistrarSettings: Sendable, Hashable {
    /// By which senders reach this service, without a slash at its end; nil where nobody said.
    package let publicURL: String?
    package let gitHub: SenderAddress
    package let telegram: SenderAddress

    /// How often each webhook is looked after.
    static let interval = Duration.seconds(600)

    package init(publicURL: String?, gitHub: SenderAddress = .gitHub, telegram: SenderAddress = .telegram) {
        self.publicURL = publicURL
        self.gitHub = gitHub
        self.telegram = telegram
    }

    /// Where a sender is to send to.
    func url(_ path: String) -> String? { publicURL.map { $0 + path } }
}

/// Where the API of a sender is.
package struct SenderAddress: Sendable, Hashable {
    /// Without a slash at its end.
    package let base: String
    /// Whether somebody chose it; it may be private then, as it is the operator's word.
    package let isChosen: Bool

    package init(base: String) {
        self.init(base: base, isChosen: true)
    }

    private init(base: String, isChosen: Bool) {
        self.base = base
        self.isChosen = isChosen
    }

    package static let gitHub = SenderAddress(base: "https://api.github.com", isChosen: false)
    package static let telegram = SenderAddress(base: "https://api.telegram.org", isChosen: false)

    /// Whether it is the API of repositories at that host: for GitHub's own it may be anywhere, as behind a proxy.
    package func serves(_ host: String) -> Bool {
        if ["github.com", "www.github.com", "ssh.github.com"].contains(host) { return true }
        guard isChosen, let own = (try? RepositoryURL(manifestText: base))?.host else { return false }
        return own == host || own == "api." + host
    }

    var policy: AddressPolicy { isChosen ? .allowPrivate : .publicOnly }
}
