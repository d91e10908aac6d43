import State
import Values

/// The head of a column, on the side on which its cells are.
enum Heading: Sendable, ExpressibleByStringLiteral {
    case left(String)
    case right(String)

    init(stringLiteral text: String) { self = .left(text) }
}

/// The pieces that pages are made of.
struct Components: Sendable {
    /// The time of the page.
    let now: Instant

    func ago(_ instant: Instant) -> HTML {
        "<time datetime=\"\(instant.rfc3339)\" title=\"\(instant.rfc3339)\">\(HumanText.relative(instant, to: now))</time>"
    }

    func pill(_ state: RunState) -> HTML {
        switch state {
        case .succeeded: Self.pill("good", "succeeded")
        case .running: Self.pill("busy", "running")
        case .queued: Self.pill("wait", "queued")
        case .awaitingApproval: Self.pill("wait", "awaiting approval")
        case .failed, .discarded, .unknown: Self.pill("bad", state.rawValue)
        case .cancelled, .skipped: Self.pill("rest", state.rawValue)
        }
    }

    func pill(_ state: DeliveryState) -> HTML {
        switch state {
        case .delivered: Self.pill("good", "delivered")
        case .sending: Self.pill("busy", "sending")
        case .queued: Self.pill("wait", "queued")
        case .failed, .discarded: Self.pill("bad", state.rawValue)
        }
    }

    func pill(_ outcome: Observation.Outcome) -> HTML {
        switch outcome {
        case .applied, .unchanged: Self.pill("good", outcome.rawValue)
        case .rejected, .unreadable: Self.pill("bad", outcome.rawValue)
        }
    }

    func pill(_ standing: Registration.Standing) -> HTML {
        switch standing {
        case .registered: Self.pill("good", "registered")
        case .pending: Self.pill("wait", "pending")
        case .failing: Self.pill("bad", "not registered")
        case .removing: Self.pill("wait", "being removed")
        }
    }

    func pill(_ level: ResourceStatus.Level) -> HTML {
        switch level {
        case .ready: Self.pill("good", "ready")
        case .suspended: Self.pill("rest", "suspended")
        case .inactive: Self.pill("rest", "inactive")
        case .failing: Self.pill("bad", "failing")
        }
    }

    /// For a resource whose own manifest was not valid at the last look; that a commit was rejected stands elsewhere.
    func stale(_ status: ResourceStatus) -> HTML {
        guard let condition = status[.stale], condition.reason == "ManifestNotValid" else { return .empty }
        return "<span class=\"pill bad\" title=\"\(condition.message)\">stale</span> "
    }

    private static func pill(_ tone: String, _ text: String) -> HTML {
        "<span class=\"pill \(tone)\">\(text)</span>"
    }

    /// As many digits of a commit as plans show, all of them on hovering.
    func commit(_ id: String) -> HTML {
        "<code title=\"\(id)\">\(String(id.prefix(12)))</code>"
    }

    /// A section of the page; `note` stands beside its title.
    func card(_ title: String, note: HTML = .empty, _ content: HTML) -> HTML {
        "<section class=\"card\"><h2>\(title) <span class=\"note\">\(note)</span></h2>\(content)</section>"
    }

    /// A table that scrolls on narrow screens, or a sentence if there are no rows.
    func table(_ headings: [Heading], _ rows: [HTML], empty: String) -> HTML {
        guard !rows.isEmpty else { return "<p class=\"empty\">\(empty)</p>" }
        let heads = headings.map { heading -> HTML in
            switch heading {
            case .left(let text): "<th scope=\"col\">\(text)</th>"
            case .right(let text): "<th scope=\"col\" class=\"num\">\(text)</th>"
            }
        }
        return "<div class=\"scroll\"><table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>"
    }

    /// How long a run took, or has taken so far.
    func duration(of run: Run) -> String {
        guard let start = run.startedAt else { return "" }
        return HumanText.span((run.finishedAt ?? now).duration(since: start))
    }
}
