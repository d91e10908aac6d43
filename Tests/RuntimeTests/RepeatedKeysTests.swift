import State
import Testing
import Values

@testable import Runtime
@testable import Spec

@Suite struct RepeatedKeysTests {
    @Test func `as many ids are known as are remembered, the oldest makes room`() {
        var keys = RepeatedKeys()
        let count = RepeatedKeys.capacity
        for number in 0..<(count + 10) { keys.insert("id-\(number)") }
        keys.insert("id-20")
        #expect((0..<10).allSatisfy { !keys.contains("id-\($0)") })
        #expect((10..<(count + 10)).allSatisfy { keys.contains("id-\($0)") })
    }

    @Test func `where more comes again than is remembered all is turned away, until time has passed`() throws {
        let fixture = try RuntimeFixture(RuntimeFixture.manifests(agents: ["brief"]))
        let names = try fixture.reader.currentNames()
        let rates = WebhookRates()
        let limit = WebhookRateLimit(requests: 1_000, per: .seconds(10))
        var now = fixture.clock.now()
        func take(_ key: String) -> WebhookRates.Refusal? {
            rates.take([key], at: "trigger/a", limit, in: 1, names, now)
        }

        // Every id comes again once, ten times and again ten times as many as events may.
        for number in 0..<20_000 {
            #expect(take("id-\(number)") == nil)
            rates.giveBack(1, of: 1, repeated: ["id-\(number)"], at: "trigger/a", limit)
        }
        #expect(take("new") == .repeated(11))
        now = now.advanced(by: .seconds(1))
        #expect(take("new") == nil)
        #expect(take("id-19999") == .repeated(10))
        now = now.advanced(by: .seconds(11))
        #expect(take("id-19999") == nil)
    }
}
