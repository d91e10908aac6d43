import Spec
import State
import Values

extension DashboardPage {
    /// Nothing where writ keeps no webhook at its sender.
    var webhooks: HTML {
        let all = data.overview.registrations
        guard !all.isEmpty else { return .empty }
        // What needs somebody first.
        let shown = (all.filter(\.isTroubled) + all.filter { !$0.isTroubled }).prefix(Self.shownNames)
        let rows = shown.map { state -> HTML in
            let registration = state.registration
            let note = registration.problem ?? state.gap ?? registration.senderSays
            let looked = registration.lookedAt.map { parts.ago($0) } ?? "not yet"
            return """
                <tr><td><span class="name">\(registration.id.description)</span>\
                <span class="sub">\(state.senderName) · \(registration.declared.url ?? "no public address")</span></td>
                <td class="text">\(parts.pill(registration.standing))\(gap(state))\
                <span class="sub">\(HumanText.beginning(note ?? ""))</span></td>
                <td class="num">\(looked)</td></tr>

                """
        }
        return parts.card(
            "Webhooks at their senders", note: "\(HumanText.count(all.count))",
            parts.table(["Of", "State", .right("Looked")], Array(rows), empty: ""))
    }

    private func gap(_ state: RegistrationState) -> HTML {
        let lost = state.missed[.lost]
        let waiting = state.missed[.waiting]
        if lost > 0 { return " <span class=\"pill bad\">\(HumanText.count(lost)) lost</span>" }
        return waiting > 0 ? " <span class=\"pill wait\">\(HumanText.count(waiting)) being healed</span>" : .empty
    }
}
