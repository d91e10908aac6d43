import Apply
import Spec

extension Plan {
    /// For a person, written on all processors: a first plan of a large repository has hundreds of thousands of lines.
    ///
    /// - Parameter texts: what is being written of it already
    func text(color: Bool, _ texts: CreationTexts? = nil) -> [[UInt8]] {
        PlanText.pieces(of: self, color: color, spread: .threads, texts: texts)
    }
}
