import State
import Values

extension DashboardPage {
    /// What somebody has to look after at the machine itself.
    var alarms: HTML {
        let open = data.overview.alarms.filter { $0.endedAt == nil }
        guard !open.isEmpty else { return .empty }
        let lines = open.map { alarm -> HTML in
            "<p>\(HumanText.sentence(alarm.message)) \(parts.ago(alarm.since))</p>"
        }
        return "<section class=\"banner\" role=\"alert\"><h2>Look after the machine</h2>\(lines)</section>"
    }

    /// Hosts to which nothing is sent for a while; nothing where there is none.
    var circuits: HTML {
        let all = data.overview.circuits
        guard !all.isEmpty else { return .empty }
        let rows = all.prefix(Self.shownNames).map { circuit -> HTML in
            """
            <tr><td><span class="name">\(circuit.origin)</span>\
            <span class="sub">\(HumanText.count(circuit.failures)) failures in a row, \(parts.ago(circuit.since))</span></td>
            <td class="text">\(HumanText.beginning(circuit.error))</td>
            <td class="num">\(HumanText.relative(circuit.until, to: data.overview.at))</td></tr>

            """
        }
        return parts.card(
            "Hosts left alone", note: "\(HumanText.count(all.count))",
            parts.table(["Host", "Last failure", .right("Next try")], Array(rows), empty: ""))
    }
}
