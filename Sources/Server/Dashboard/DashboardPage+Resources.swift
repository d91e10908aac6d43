import Spec
import State
import Values

extension DashboardPage {
    var resources: HTML {
        let undelivered = Dictionary(data.overview.undelivered.map { (Channel.id($0.channel), $0) }) { first, _ in first
        }
        let byKind = Dictionary(grouping: zip(data.overview.resources, data.statuses)) { $0.0.id.kind }
        let kinds = KindCatalog.all.compactMap { kind -> HTML? in
            guard let members = byKind[kind.kindName], !members.isEmpty else { return nil }
            let items = members.prefix(Self.shownNames).map { resource, status -> HTML in
                """
                <li><span class="name">\(resource.id.name)<span class="sub">\(resource.place.description)</span>\
                \(undelivered[resource.id].map(failures) ?? .empty)</span>\
                <span>\(parts.stale(status))\(parts.pill(status.level))</span></li>

                """
            }
            let rest: HTML =
                members.count > Self.shownNames
                ? "<li><a href=\"/api/v1/\(kind.plural)\">and \(members.count - Self.shownNames) more</a></li>" : .empty
            return """
                <div class="kind"><h3><a href="/api/v1/\(kind.plural)">\(kind.kindName.rawValue)</a>\
                <span>\(members.count)</span></h3><ul>\(Array(items))\(rest)</ul></div>

                """
        }
        let content: HTML =
            kinds.isEmpty
            ? "<p class=\"empty\">Nothing is applied yet.</p>" : "<div class=\"kinds\">\(kinds)</div>"
        return parts.card(
            "Resources", note: "\(HumanText.count(data.overview.resources.count)) in force", content)
    }

    /// What a channel did not get.
    private func failures(_ undelivered: UndeliveredMessages) -> HTML {
        let recovered = undelivered.recoveredAt.map { at -> HTML in "; one got through \(parts.ago(at))" } ?? .empty
        let look: HTML = undelivered.recoveredAt == nil ? "sub bad-text" : "sub"
        return """
            <span class="\(look)">\(undelivered.counts), since \(parts.ago(undelivered.since)): \
            \(HumanText.beginning(undelivered.lastError))\(recovered)</span>
            """
    }
}
