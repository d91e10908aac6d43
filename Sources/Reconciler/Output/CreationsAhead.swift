import Apply
import Dispatch
import Spec
import Synchronization

/// Begins to write what a first plan will say as soon as its commit is read, beside the planning, which one processor does.
final class CreationsAhead: Sendable {
    private let begun = Mutex<CreationTexts?>(nil)

    func begin(_ catalog: Catalog) {
        let texts = CreationTexts(catalog)
        begun.withLock { $0 = texts }
        DispatchQueue.global().async { texts.write() }
    }

    /// Nil where nothing was begun. Who asks for what is not written yet writes it.
    var texts: CreationTexts? { begun.withLock { $0 } }
}
