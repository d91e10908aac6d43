import Spec
import Values

extension RoutingDecision {
    /// As it is stored with the event.
    package var json: JSON {
        switch outcome {
        case .run: ["trigger": .string(trigger), "outcome": "run"]
        case .pass(let reason): ["trigger": .string(trigger), "outcome": "pass", "reason": .string(reason)]
        }
    }
}
