import TestSupport
import Testing
import Values

@Suite("The quick look at cron expressions")
struct PlainCronTests {
    @Test func `says yes to no expression that is none`() {
        var random = SeededRandom(5)
        let words = [
            "*", "*/5", "*/0", "0", "7", "9", "12", "13", "23", "24", "28", "29", "31", "32", "59", "60", "1-5", "5-1",
            "1,15", "1,", ",", "mon", "mon-fri", "fri-mon", "sun", "sun-7", "jan", "1-31", "2", "@daily", "", "a",
        ]
        var sound = 0
        for _ in 0..<20_000 {
            let text = (0..<5).map { _ in words.randomElement(using: &random) ?? "*" }.joined(separator: " ")
            var copy = text
            guard copy.withUTF8({ CronExpression.isPlain($0) }) else { continue }
            sound += 1
            #expect(throws: Never.self, "\(text)") { _ = try CronExpression(text) }
        }
        #expect(sound > 20)
    }
}
