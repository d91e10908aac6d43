import Synchronization
import Testing
import Values

@Suite("Identifiers")
struct IdentifierTests {
    @Test func `have a prefix, the time and randomness in Crockford's base 32`() {
        // The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41.
        let generator = IdentifierGenerator(now: { 1_469_918_176_385 }, random: { 0 })
        #expect(generator.next("run") == "run_01ARYZ6S410000000000000000")
    }

    @Test func `sort in the order of the calls, also when the clock steps back`() {
        let time = Mutex<Int64>(1_000_000)
        let generator = IdentifierGenerator(
            now: { time.withLock { $0 } }, random: { UInt64.max / 3 })
        var identifiers: [String] = []
        for step: Int64 in [0, 0, 5, -100, 0, 1, 200] {
            time.withLock { $0 += step }
            identifiers.append(generator.next("e"))
        }
        #expect(identifiers == identifiers.sorted())
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test(arguments: [Int64.min, -1, 0, Int64.max])
    func `a clock that is wrong makes identifiers all the same`(_ now: Int64) {
        let generator = IdentifierGenerator(now: { now }, random: { UInt64.max })
        let (one, other) = (generator.next("a"), generator.next("a"))
        #expect(one.count == 28)
        #expect(one != other)
    }
}
