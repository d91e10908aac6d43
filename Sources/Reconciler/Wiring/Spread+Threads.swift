import Dispatch
import Spec

extension Spread {
    /// On as many threads as there are processors.
    static let threads = Spread { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) }
}
