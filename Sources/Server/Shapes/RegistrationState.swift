import Spec
import State
import Values

/// A webhook at its sender, with what was missed by it.
package struct RegistrationState: Sendable {
    package let registration: Registration
    package let missed: MissedCounts

    package static func all(_ reader: StateReader) throws(StateError) -> [RegistrationState] {
        let registrations = try reader.registrations()
        guard !registrations.isEmpty else { return [] }
        let missed = try reader.missedCounts()
        return registrations.map {
            RegistrationState(registration: $0, missed: missed[$0.number] ?? MissedCounts())
        }
    }

    /// Whether there is something that somebody should know.
    package var isTroubled: Bool {
        switch registration.standing {
        case .failing: true
        case .removing: registration.problem != nil
        case .pending, .registered: registration.senderSays != nil || missed[.lost] > 0
        }
    }

    var senderName: String {
        switch registration.declared.sender {
        case .github: "GitHub"
        case .telegram: "Telegram"
        }
    }

    var registered: ResourceCondition {
        func condition(
            _ status: ResourceCondition.Status, _ reason: String, _ message: String
        ) -> ResourceCondition {
            ResourceCondition(.webhookRegistered, status, reason, message, since: registration.registeredSince)
        }
        switch registration.standing {
        case .registered: return condition(.isTrue, "Registered", registration.senderSays ?? registration.problem ?? "")
        case .pending:
            let why = registration.problem.map { ": \($0)" } ?? ""
            return condition(.isFalse, "Pending", "it is about to be registered at \(senderName)\(why)")
        case .failing: return condition(.isFalse, "NotRegistered", registration.problem ?? "")
        case .removing:
            let why = registration.problem.map { ", and cannot yet: \($0)" } ?? ""
            return condition(.unknown, "Removing", "it is to be removed at \(senderName)\(why)")
        }
    }

    /// Whether everything came that the sender had to send.
    var complete: ResourceCondition {
        func condition(
            _ status: ResourceCondition.Status, _ reason: String, _ message: String
        ) -> ResourceCondition {
            ResourceCondition(.eventsComplete, status, reason, message, since: registration.completeness?.since)
        }
        if let gap { return condition(.isFalse, "Gap", gap) }
        if missed[.waiting] > 0 {
            return condition(
                .unknown, "Healing", "\(missed[.waiting]) that failed at \(senderName) are being sent again")
        }
        if let waiting = registration.waiting, waiting > 0, registration.senderSays != nil {
            return condition(.unknown, "Waiting", "\(waiting) wait at \(senderName)")
        }
        guard registration.lookedAt != nil else {
            return condition(.unknown, "NotLooked", "\(senderName) was not asked yet what failed")
        }
        return condition(
            .isTrue, "NothingMissing",
            missed[.healed] > 0 ? "\(missed[.healed]) that failed at \(senderName) came after all" : "")
    }

    /// What is not to be had any more; nil where nothing is lost.
    package var gap: String? {
        guard missed[.lost] > 0, let last = missed.lastLoss else { return nil }
        let count = missed[.lost] == 1 ? "1 gap" : "\(missed[.lost]) gaps"
        return "\(count), the last \(last.words)"
    }
}

extension MissedDelivery {
    /// `pull_request.opened of 2026-01-01T00:00:00Z: why it is lost`
    package var words: String {
        let span = from == to ? "of \(from.rfc3339)" : "from \(from.rfc3339) to \(to.rfc3339)"
        return "\(event.map { "\($0) " } ?? "")\(span): \(reason ?? "")"
    }

    var json: JSON {
        var object = JSONObject()
        object.set("event", event)
        object.set("delivery", remoteID == nil ? nil : key)
        object.set("from", from)
        object.set("to", to)
        object.set("reason", reason)
        return object.json
    }
}

extension RegistrationState {
    var json: JSON {
        var object = JSONObject()
        object.set("kind", registration.id.kind.rawValue)
        object.set("name", registration.id.name)
        object.set("sender", registration.declared.sender.rawValue)
        object.set("url", registration.declared.url)
        object.set("state", registration.standing.rawValue)
        object.set("since", registration.since)
        object.set("problem", registration.problem)
        object.set("senderSays", registration.senderSays)
        object.set("waiting", registration.waiting)
        object.set("lookedAt", registration.lookedAt)
        var missed = JSONObject()
        for state in MissedDelivery.State.allCases { missed.set(state.rawValue, self.missed[state]) }
        object.set("missed", missed.json)
        return object.json
    }
}
