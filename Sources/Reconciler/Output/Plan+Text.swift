import Apply
import Spec

extension Plan {
    /// For a person, written on all processors: a first plan of a large repository has hundreds of thousands of lines.
    func text(color: Bool) -> String { PlanText.render(self, color: color, spread: .threads) }
}
