import State
import Values

extension DashboardPage {
    var runs: HTML {
        let rows = data.runs.map { run -> HTML in
            let tokens = run.tokensIn.addingReportingOverflow(run.tokensOut).partialValue
            return """
                <tr>
                <td class="tight">\(parts.pill(run.state))<a class="sub" href="/runs/\(run.id)">\(parts.ago(run.createdAt))</a></td>
                <td class="who"><span class="name">\(run.targetName(by: data.names))</span>\
                <span class="sub">\(run.triggerName(by: data.names) ?? "by hand")</span></td>
                <td class="text">\(said(by: run))</td>
                <td class="num">\(parts.duration(of: run))</td>
                <td class="num">\(tokens == 0 ? "" : HumanText.count(tokens))</td>
                </tr>

                """
        }
        let headings: [Heading] = ["State", "Agent", "Output", .right("Took"), .right("Tokens")]
        return parts.card(
            "Recent runs", note: "<a href=\"/api/v1/runs\">all as JSON</a>",
            parts.table(headings, rows, empty: "Nothing ran yet."))
    }

    /// The beginning of the output, or why there is none.
    private func said(by run: Run) -> HTML {
        if let error = run.error, run.state != .succeeded {
            return "<span class=\"bad-text\">\(HumanText.beginning(error))</span>"
        }
        return "\(HumanText.beginning(run.said))"
    }

    var schedules: HTML {
        let rows = data.overview.schedules.prefix(Self.shownNames).map { schedule -> HTML in
            let when: HTML
            if let next = schedule.next {
                when = """
                    \(HumanText.relative(next.instant, to: data.overview.at))\
                    <span class="sub">\(Self.wallClock(next)) \(next.zone.identifier)</span>
                    """
            } else {
                when = "\(schedule.isSuspended ? "suspended" : schedule.problem ?? "never again")"
            }
            return """
                <tr><td><span class="name">\(schedule.trigger)</span>\
                <span class="sub">\(schedule.target) · <code>\(schedule.cron)</code></span></td>
                <td class="num">\(when)</td></tr>

                """
        }
        return parts.card(
            "Next fire times",
            parts.table(["Schedule", .right("Next")], Array(rows), empty: "No trigger has a schedule."))
    }

    /// `2026-11-21 09:00` on a clock in its zone.
    private static func wallClock(_ fire: FireTime) -> String {
        String(fire.instant.rfc3339(in: fire.zone).prefix(16)).split(separator: "T").joined(separator: " ")
    }

    var events: HTML {
        let rows = data.events.map { event -> HTML in
            """
            <tr><td><a class="name" href="/api/v1/events/\(event.id)">\(event.name)</a>\
            <span class="sub">\(event.currentEndpoint)</span></td>
            <td class="num">\(parts.ago(event.receivedAt))</td></tr>

            """
        }
        return parts.card(
            "Recent events", parts.table(["Event", .right("Received")], rows, empty: "Nothing came in yet."))
    }

    var deliveries: HTML {
        let rows = data.deliveries.map { delivery -> HTML in
            """
            <tr><td><span class="name">\(delivery.currentChannel)</span>\
            <span class="sub">\(HumanText.beginning(delivery.lastError ?? ""))</span></td>
            <td class="num">\(parts.pill(delivery.state))<span class="sub">\(parts.ago(delivery.createdAt))</span></td></tr>

            """
        }
        return parts.card(
            "Recent deliveries", parts.table(["Channel", .right("State")], rows, empty: "Nothing was sent yet."))
    }
}
