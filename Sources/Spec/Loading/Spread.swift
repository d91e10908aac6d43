import Synchronization

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

    /// What `body` makes of the items, `size` of them at a time; in the order of the items.
    package func map<Item: Sendable, Made: Sendable>(
        _ items: ArraySlice<Item>, by size: Int, _ body: @Sendable (ArraySlice<Item>) -> Made
    ) -> [Made] {
        map(items, by: size, beside: {}, body)
    }

    /// What `body` makes, with something else done beside it.
    func make<Made: Sendable>(beside other: @Sendable () -> Void, _ body: @Sendable () throws -> Made) throws -> Made {
        let made = Mutex<Result<Made, any Error>?>(nil)
        run(2) { number in
            guard number > 0 else { return other() }
            let result = Result { try body() }
            made.withLock { $0 = result }
        }
        guard let result = made.withLock({ $0 }) else {
            preconditionFailure("a piece of work was left out: a bug in writ")
        }
        return try result.get()
    }

    /// The same, with something else done beside it.
    package func map<Item: Sendable, Made: Sendable>(
        _ items: ArraySlice<Item>, by size: Int, beside other: @Sendable () -> Void,
        _ body: @Sendable (ArraySlice<Item>) -> Made
    ) -> [Made] {
        let count = (items.count + size - 1) / size
        let made = Mutex<[Made?]>(Array(repeating: nil, count: count))
        run(count + 1) { number in
            guard number > 0 else { return other() }
            let start = items.startIndex + (number - 1) * size
            let one = body(items[start..<min(start + size, items.endIndex)])
            made.withLock { $0[number - 1] = one }
        }
        return made.withLock { $0 }.compactMap(\.self)
    }
}
