import Synchronization

/// What the inbox finds of the secrets of webhooks whenever one comes, for who records it: a difference to what is recorded
/// makes it look again.
package final class SecretNews: Sendable {
    private struct Content {
        /// Whether a webhook had a secret that can be used when it was looked at last, by the name of its endpoint.
        var recorded: [String: Bool] = [:]
        var isDifferent = false
    }

    private let content = Mutex(Content())
    let wakeup = Wakeup()

    package init() {}

    /// Tells what was found. It is news once, until it was looked at.
    func found(_ endpoint: String, isUsable: Bool) {
        let isNews = content.withLock { content -> Bool in
            // Of what was never looked at nothing is recorded: that look comes in any case.
            guard !content.isDifferent, let recorded = content.recorded[endpoint], recorded != isUsable else {
                return false
            }
            content.isDifferent = true
            return true
        }
        if isNews { wakeup.signal() }
    }

    /// Whether there is news since the last look.
    var isDifferent: Bool { content.withLock { $0.isDifferent } }

    func looked(_ usable: [String: Bool]) {
        content.withLock { $0 = Content(recorded: usable) }
    }
}
