import State
import Values

/// A webhook of a repository, as GitHub tells of it.
struct GitHubHook: Sendable, Hashable {
    let id: Int
    let isActive: Bool
    let events: Set<String>
    let url: String
    let contentType: String
    let checksTLS: Bool
    /// The status that its last delivery was answered with; nil before the first one.
    let lastStatus: Int?

    init?(_ json: JSON) {
        guard let id = json["id"]?.int, id > 0, let config = json["config"], let url = config["url"]?.string else {
            return nil
        }
        self.id = id
        self.url = url
        isActive = json["active"]?.bool ?? false
        events = Set((json["events"]?.array ?? []).compactMap(\.string))
        contentType = config["content_type"]?.string ?? "form"
        // GitHub writes it as text, and as a number in places.
        checksTLS = config["insecure_ssl"].map { $0.string == "0" || $0.int == 0 } ?? true
        lastStatus = json["last_response"]?["code"]?.int
    }

    func isAs(declared events: Set<String>, at url: String) -> Bool {
        isActive && self.events == events && self.url == url && contentType == "json" && checksTLS
    }
}

/// One try of GitHub's to deliver, as the list of deliveries tells of it.
struct GitHubDelivery: Sendable, Hashable {
    let id: Int
    /// The same in all tries of one delivery: what comes as `X-GitHub-Delivery`.
    let guid: String
    let at: Instant
    let event: String
    let action: String?

    init?(_ json: JSON) {
        guard let id = json["id"]?.int, id > 0, let guid = json["guid"]?.string, (1...200).contains(guid.utf8.count),
            let at = json["delivered_at"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let event = json["event"]?.string, (1...100).contains(event.utf8.count)
        else { return nil }
        self.id = id
        self.guid = guid
        self.at = at
        self.event = event
        action = json["action"]?.string.flatMap { $0.utf8.count <= 100 ? $0 : nil }
    }

    var name: String { action.map { "\(event).\($0)" } ?? event }
}

extension [GitHubDelivery] {
    /// The deliveries that these are tries of, oldest first. A ping tells nothing that could be missed.
    var byDelivery: [NewMissedDelivery] {
        let tries = Dictionary(grouping: filter { $0.event != "ping" }, by: \.guid).values
        return tries.compactMap { tries -> NewMissedDelivery? in
            guard let first = tries.min(by: { $0.at < $1.at }) else { return nil }
            return NewMissedDelivery(key: first.guid, remoteID: String(first.id), event: first.name, at: first.at)
        }
        .sorted { ($0.from, $0.key) < ($1.from, $1.key) }
    }
}
