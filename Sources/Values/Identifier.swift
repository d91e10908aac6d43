import Synchronization

/// Makes identifiers that sort by the time they were made: `run_01JZ8Q5…`, a prefix and 26 characters of Crockford's
/// base 32 over 48 bits of time and 80 random bits (the ULID layout).
///
/// Two of one millisecond sort in the order of the calls, also when the clock steps back.
package struct IdentifierGenerator: Sendable {
    private let state: State

    /// - Parameters:
    ///   - now: milliseconds since 1970 UTC
    ///   - random: 64 random bits a call
    package init(now: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> UInt64) {
        self.state = State(now: now, random: random)
    }

    /// A new identifier: `prefix`, `_`, 26 characters.
    package func next(_ prefix: String) -> String {
        prefix + "_" + Self.text(state.next())
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// 130 bits, of which the first two are zero.
    private static func text(_ value: UInt128) -> String {
        String(unsafeUninitializedCapacity: 26) { text in
            var rest = value
            for place in (0..<26).reversed() {
                text.initializeElement(at: place, to: alphabet[Int(rest & 31)])
                rest >>= 5
            }
            return 26
        }
    }

    private final class State: Sendable {
        private let now: @Sendable () -> Int64
        private let random: @Sendable () -> UInt64
        private let last = Mutex<UInt128>(0)

        init(now: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> UInt64) {
            self.now = now
            self.random = random
        }

        func next() -> UInt128 {
            let time = UInt128(min(max(now(), 0), 1 << 48 - 1))
            return last.withLock { last in
                // In the same or an earlier millisecond: one more than the last.
                if last != 0, time <= last >> 80 {
                    last &+= 1
                } else {
                    last = time << 80 | UInt128(random()) << 16 | UInt128(random() & 0xFFFF)
                }
                return last
            }
        }
    }
}
