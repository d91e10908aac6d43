import Spec
import State
import Values

/// One thing that is true of a resource or not, in Kubernetes' form: what it is, since when, and why.
package struct ResourceCondition: Sendable, Hashable {
    package enum Sort: String, Sendable, Hashable {
        /// It does what it is there for.
        case ready = "Ready"
        /// What is in force is not what the branch says.
        case stale = "Stale"
        case suspended = "Suspended"
        /// Its webhook is at the sender as it is declared.
        case webhookRegistered = "WebhookRegistered"
        /// Everything came that the sender had to send.
        case eventsComplete = "EventsComplete"
        /// Nothing is sent to its host for a while, which failed several times in a row.
        case hostLeftAlone = "HostLeftAlone"
    }

    package enum Status: String, Sendable, Hashable {
        case isTrue = "True"
        case isFalse = "False"
        case unknown = "Unknown"
    }

    package let sort: Sort
    package let status: Status
    /// One word in CamelCase.
    package let reason: String
    package let message: String
    /// When the status became what it is; nil where that was not looked up.
    package let since: Instant?

    package init(_ sort: Sort, _ status: Status, _ reason: String, _ message: String = "", since: Instant? = nil) {
        self.sort = sort
        self.status = status
        self.reason = reason
        self.message = message
        self.since = since
    }

    /// - Parameter generation: the revision that this was judged by
    func json(generation: Int) -> JSON {
        var object = JSONObject()
        object.set("type", sort.rawValue)
        object.set("status", status.rawValue)
        object.set("observedGeneration", generation)
        object.set("reason", reason)
        object.set("message", message)
        object.set("lastTransitionTime", since)
        return object.json
    }
}
