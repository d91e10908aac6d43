import State
import Values

extension CronExpression {
    /// The instants of a span; `nil` where it is about another schedule.
    func instants(of span: InstantSpan, in zone: Zone) -> [Instant]? {
        var instants = [span.first]
        while let last = instants.last, last < span.last, instants.count < span.count,
            let next = next(after: last, in: zone), next <= span.last
        {
            instants.append(next)
        }
        return instants.count == span.count && instants.last == span.last ? instants : nil
    }
}
