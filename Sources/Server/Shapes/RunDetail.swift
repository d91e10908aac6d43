import State
import Values

/// A run and everything that is recorded about it.
package struct RunDetail: Sendable {
    package let run: Run
    package let input: JSON?
    package let attempts: [RunAttempt]
    package let steps: [Step]
    package let deliveries: [Delivery]
    package let names: CurrentNames

    /// `nil` if there is no such run.
    package init?(_ id: String, from reader: StateReader) throws(StateError) {
        guard let run = try reader.run(id) else { return nil }
        self.run = run
        input = try reader.input(of: id)
        attempts = try reader.attempts(of: id)
        steps = try reader.steps(of: id)
        deliveries = try reader.deliveries(Page(limit: 500), DeliveryFilter(run: id)).items
        names = try reader.currentNames()
    }
}
