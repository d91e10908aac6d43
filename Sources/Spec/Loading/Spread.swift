/// Does pieces of work that need nothing of each other: one after the other, or at once where the caller can.
package struct Spread: Sendable {
    private let run: @Sendable (Int, @Sendable (Int) -> Void) -> Void

    /// - Parameter run: calls its second argument with every number from 0 up to the first, from any thread, and
    ///   returns when all of these calls have
    package init(_ run: @escaping @Sendable (Int, @Sendable (Int) -> Void) -> Void) {
        self.run = run
    }

    /// One after the other, on the caller's thread.
    package static let here = Spread { count, body in
        for index in 0..<count { body(index) }
    }

    func callAsFunction(_ count: Int, _ body: @Sendable (Int) -> Void) { run(count, body) }
}
