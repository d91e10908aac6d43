import Testing
import Values

@Suite("The nearest name")
struct NearestNameTests {
    @Test(
        arguments: [
            ("shedule", "schedule"), ("Schedule", "schedule"), ("agnet", "agent"), ("tolls", "tools"),
            ("webhok", "webhook"),
            ("timezone", "timeZone"), ("too", "tool"), ("systemPromt", "systemPrompt"),
        ])
    func `is the one with the fewest edits`(_ name: String, _ meant: String) {
        let names = ["agent", "schedule", "systemPrompt", "timeZone", "tool", "tools", "webhook"]
        #expect(nearestName(to: name, among: names) == meant)
    }

    @Test(arguments: ["", "x", "unrelated", "ab", String(repeating: "a", count: 65)])
    func `nothing is near what was probably not a mistake`(_ name: String) {
        #expect(nearestName(to: name, among: ["agent", "schedule", "c", String(repeating: "a", count: 66)]) == nil)
    }

    @Test func `of equally near names the first in byte order is it`() {
        #expect(nearestName(to: "cat", among: ["hat", "bat", "rat"]) == "bat")
    }
}
