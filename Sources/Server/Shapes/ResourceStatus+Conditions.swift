import Spec
import State
import Values

extension ResourceStatus {
    /// What conditions are made of, beside the resource itself.
    struct ConditionFacts: Sendable {
        /// Nil where the times are not asked for.
        var life: ResourceLife?
        /// Since when its runs have ended as the last one did; nil where they always did.
        var healthChanged: Instant?
        /// Of a trigger: what it runs, if that is suspended.
        var suspendedTarget: ResourceID?
        var stale: ResourceCondition
        /// Where writ keeps its webhook at the sender.
        var registration: RegistrationState?
        /// What keeps it from working where it is served.
        var problem: ResourceProblem?
        /// When the last of those ended.
        var solved: Instant?
        /// Of a channel: that its receiver wants no more messages.
        var closed: ClosedChannel?
        /// Of a tool, a channel or a provider: that its host is left alone.
        var circuit: RecordedCircuit?
        /// Of a channel whose receiver wanted no more: when it was changed since.
        var reopened: Instant?
    }

    /// `Ready`, `Stale`, `Suspended` where the kind can be, and what there is to say of its webhook at the sender
    /// and of its host.
    static func conditions(
        of resource: AppliedResource, _ level: Level, lastRun: Run?, _ overrides: [Override], _ facts: ConditionFacts
    ) -> [ResourceCondition] {
        let hand = overrides.first(where: \.isSuspension)
        var conditions = [ready(level, lastRun, hand, facts), facts.stale]
        if case .object(let shape)? = KindCatalog[resource.id.kind]?.shape, shape[field: "suspend"] != nil {
            conditions.append(suspended(level == .suspended, hand, facts))
        }
        if let registration = facts.registration {
            conditions += [registration.registered, registration.complete]
        }
        if let circuit = facts.circuit {
            conditions.append(
                ResourceCondition(.hostLeftAlone, .isTrue, "FailedRepeatedly", circuit.line, since: circuit.since))
        }
        return conditions
    }

    private static func suspended(_ isSuspended: Bool, _ hand: Override?, _ facts: ConditionFacts) -> ResourceCondition
    {
        let status: ResourceCondition.Status = isSuspended ? .isTrue : .isFalse
        if let hand {
            return ResourceCondition(.suspended, status, "OperatorSaysSo", hand.circumstances, since: hand.since)
        }
        return ResourceCondition(
            .suspended, status, isSuspended ? "ManifestSaysSo" : "NotSuspended",
            isSuspended ? "spec.suspend is true" : "", since: facts.life?.suspensionChanged)
    }

    private static func ready(
        _ level: Level, _ lastRun: Run?, _ hand: Override?, _ facts: ConditionFacts
    ) -> ResourceCondition {
        let suspensionChanged = hand?.since ?? facts.life?.suspensionChanged
        switch level {
        case .suspended:
            return ResourceCondition(
                .ready, .isFalse, "Suspended", hand.map { "by hand \($0.circumstances)" } ?? "spec.suspend is true",
                since: suspensionChanged)
        case .inactive:
            return ResourceCondition(
                .ready, .isFalse, "NotActive", "this version of writ reads it and does not act on it",
                since: facts.life?.created)
        case .failing:
            if let problem = facts.problem {
                return ResourceCondition(
                    .ready, .isFalse, problem.reason.rawValue, problem.message, since: problem.since)
            }
            if let webhook = facts.registration?.registered, webhook.reason == "NotRegistered" {
                return ResourceCondition(
                    .ready, .isFalse, "WebhookNotRegistered", webhook.message,
                    since: facts.registration?.registration.readySince ?? webhook.since)
            }
            if let closed = facts.closed {
                return ResourceCondition(
                    .ready, .isFalse, "ReceiverGone",
                    "its receiver answered 410 and wants no more messages: nothing is sent until it is changed",
                    since: closed.since)
            }
            if let circuit = facts.circuit {
                return ResourceCondition(.ready, .isFalse, "HostLeftAlone", circuit.line, since: circuit.since)
            }
            return ResourceCondition(
                .ready, .isFalse, "LastRunFailed", "its last run that ended did not end well",
                since: facts.healthChanged ?? lastRun?.finishedAt)
        case .ready:
            if let target = facts.suspendedTarget {
                return ResourceCondition(.ready, .isFalse, "TargetSuspended", "\(target) is suspended")
            }
            let recovered = facts.registration?.registration.readySince
            let began = [suspensionChanged, facts.healthChanged, facts.reopened, recovered, facts.solved]
                .compactMap { $0 }.max()
            return ResourceCondition(.ready, .isTrue, "Applied", since: began)
        }
    }
}

extension RecordedCircuit {
    /// `https://api.example failed 5 times in a row and is tried again at …: no connection`
    fileprivate var line: String {
        "\(origin) failed \(failures) times in a row and is tried again at \(until.rfc3339): \(error)"
    }
}
