import State
import Values

/// One run and what happened inside it.
struct RunPage: Sendable {
    let detail: RunDetail
    let parts: Components

    var content: HTML {
        let run = detail.run
        return """
            <p class="note"><a href="/">← everything</a></p>
            <h1>\(run.targetName(by: detail.names))\(parts.pill(run.state))</h1>
            \(facts)
            \(block("Output", run.output))
            \(block("Error", run.error))
            \(block("Input", detail.input.map(\.prettyText)))
            \(steps)
            \(attempts)
            \(deliveries)
            """
    }

    private var facts: HTML {
        let run = detail.run
        var rows: [HTML] = [fact("Run", run.id), fact("Trigger", run.triggerName(by: detail.names) ?? "by hand")]
        rows.append(
            "<div><dt>Revision</dt><dd><a href=\"/api/v1/revisions/\(run.revision)\">\(run.revision)</a></dd></div>")
        if let event = run.event {
            rows.append("<div><dt>Event</dt><dd><a href=\"/api/v1/events/\(event)\">\(event)</a></dd></div>")
        }
        rows.append("<div><dt>Created</dt><dd>\(parts.ago(run.createdAt))</dd></div>")
        if let scheduled = run.scheduledAt { rows.append(fact("Scheduled for", scheduled.rfc3339)) }
        if let instants = run.instants { rows.append(fact("Stands for", instants)) }
        rows.append(fact("Took", parts.duration(of: run)))
        rows.append(fact("Attempt", "\(run.attempt) of \(run.maxAttempts)"))
        rows.append(fact("Tokens", "\(HumanText.count(run.tokensIn)) in, \(HumanText.count(run.tokensOut)) out"))
        if let model = run.model { rows.append(fact("Model", model)) }
        if let reason = run.reason { rows.append(fact("Reason", reason)) }
        if let digest = run.manifestDigest { rows.append(fact("Manifest", digest.text)) }
        if let digest = run.promptDigest { rows.append(fact("Prompt", digest.text)) }
        return parts.card("Facts", "<dl class=\"facts\">\(rows)</dl>")
    }

    private func fact(_ name: HTML, _ value: String) -> HTML {
        "<div><dt>\(name)</dt><dd>\(value.isEmpty ? "–" : value)</dd></div>"
    }

    private func block(_ title: String, _ text: String?) -> HTML {
        guard let text, !text.isEmpty else { return .empty }
        return parts.card(title, "<pre>\(HumanText.capped(text))</pre>")
    }

    private var steps: HTML {
        let steps = detail.steps.map { step -> HTML in
            let took = step.finishedAt.map { HumanText.span($0.duration(since: step.startedAt)) } ?? "under way"
            let tokens = step.tokensIn.addingReportingOverflow(step.tokensOut).partialValue
            let count = tokens == 0 ? "" : "\(HumanText.count(tokens)) tokens"
            return """
                <div class="step"><p><span class="name">\(step.number). \(step.name)</span>\
                <span class="note">\(step.kind.rawValue)</span><span class="note">attempt \(step.attempt)</span>\
                <span class="note">\(took)</span><span class="note">\(count)</span></p>
                \(step.error.map { error -> HTML in "<pre class=\"bad-text\">\(HumanText.capped(error))</pre>" } ?? .empty)
                \(fold("Request", step.request))\(fold("Answer", step.response))</div>

                """
        }
        let empty: HTML = "<p class=\"empty\">No model or tool was called.</p>"
        return parts.card("Steps", steps.isEmpty ? empty : "\(steps)")
    }

    private func fold(_ title: HTML, _ value: JSON?) -> HTML {
        guard let value else { return .empty }
        return "<details><summary>\(title)</summary><pre>\(HumanText.capped(value.prettyText))</pre></details>"
    }

    private var attempts: HTML {
        let rows = detail.attempts.map { attempt -> HTML in
            let took = attempt.finishedAt.map { HumanText.span($0.duration(since: attempt.startedAt)) } ?? ""
            return """
                <tr><td>\(attempt.attempt)</td><td>\(attempt.outcome ?? "under way")</td>\
                <td class="text">\(HumanText.beginning(attempt.error ?? "", 400))</td>\
                <td class="tight">\(parts.ago(attempt.startedAt))</td><td class="num">\(took)</td></tr>

                """
        }
        return parts.card(
            "Attempts",
            parts.table(
                ["Attempt", "Outcome", "Error", "Started", .right("Took")], rows, empty: "No attempt was made yet."))
    }

    private var deliveries: HTML {
        let rows = detail.deliveries.map { delivery -> HTML in
            """
            <tr><td class="name">\(delivery.currentChannel)</td><td>\(parts.pill(delivery.state))</td>\
            <td>\(delivery.attempt) of \(delivery.maxAttempts)</td>\
            <td class="text">\(HumanText.beginning(delivery.lastError ?? "", 400))</td>\
            <td class="tight">\(parts.ago(delivery.createdAt))</td></tr>

            """
        }
        return parts.card(
            "Deliveries",
            parts.table(["Channel", "State", "Attempt", "Error", "Made"], rows, empty: "Nothing is sent anywhere."))
    }
}
