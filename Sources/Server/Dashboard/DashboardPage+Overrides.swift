import Spec
import State
import Values

extension DashboardPage {
    /// Nothing where nothing is overridden.
    var overrides: HTML {
        let all = data.overview.overrides
        guard !all.isEmpty else { return .empty }
        let rows = all.prefix(Self.shownNames).map { override -> HTML in
            let until: HTML =
                override.until.map { instant -> HTML in "\(HumanText.relative(instant, to: data.overview.at))" }
                ?? "when it is ended"
            let effect = override.declared.map { ", no effect now: the manifest says \($0.canonicalText)" } ?? ""
            return """
                <tr><td><span class="name">\(override.id.description)</span>\
                <span class="sub"><code>\(override.field.label) = \(override.field.value.canonicalText)</code>\(effect)</span></td>
                <td class="text">\(HumanText.beginning(override.reason))\
                <span class="sub">\(override.actor), \(parts.ago(override.since))</span></td>
                <td class="num">\(until)</td></tr>

                """
        }
        return parts.card(
            "Overridden by hand", note: "\(HumanText.count(all.count)) in force",
            parts.table(["Resource", "Why", .right("Ends")], Array(rows), empty: ""))
    }
}
