import Apply
import Spec
import Testing
import Values

/// Changes of longer texts, as the plan shows them.
@Suite struct LineDifferenceTests {
    private func lines(_ before: String, _ after: String) throws -> [String] {
        func files(_ text: String) -> [String: String] {
            ["a.yaml": manifest("Prompt", "a", "template: {file: a.md}"), "a.md": text]
        }
        let plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(files(after)), commit: nil, applied: try ApplyFixture.catalog(files(before)),
            basis: .nothing, asOf: ApplyFixture.start)
        return PlanText.render(plan, color: false).split(separator: "\n").map(String.init)
            .drop { !$0.contains("spec.template.text") }.prefix { !$0.hasPrefix("Plan:") }
            .map { String($0.trimmingPrefix { $0 == " " }) }
    }

    @Test func `changed lines stand with two lines around them, and gaps are marked`() throws {
        let old = (1...12).map { "line \($0)\n" }.joined()
        let new = old.replacing("line 6\n", with: "line six\n").replacing("line 12\n", with: "")
        #expect(
            try lines(old, new) == [
                "~ spec.template.text =", "…", "line 4", "line 5", "- line 6", "+ line six", "line 7", "line 8", "…",
                "line 10", "line 11", "- line 12",
            ])
    }

    @Test func `a text of one line is shown as old and new value`() throws {
        #expect(try lines("One", "Two") == [#"~ spec.template.text = "One" -> "Two""#])
    }

    @Test func `a line end that comes or goes at the end is shown`() throws {
        #expect(try lines("a\nb", "a\nb\n").last == "+ (line end at the end)")
        #expect(try lines("a\nb\n", "a\nb").last == "- (line end at the end)")
    }

    @Test func `texts that look the same are shown as values`() throws {
        let shown = try lines("a\n\u{E9}\n", "a\ne\u{301}\n")
        #expect(shown.count == 1)
        #expect(shown.first?.contains(" -> ") == true)
    }

    @Test func `very long texts are not compared line by line`() throws {
        let old = String(repeating: "x\n", count: 2_001)
        let shown = try lines(old, old + "y\n")
        #expect(shown.count == 1)
        #expect(shown.first?.contains("(4004 bytes)") == false)
        #expect(shown.allSatisfy { $0.count < 400 })
    }

    @Test func `what would control a terminal is escaped (faults A19, B46)`() throws {
        let shown = try lines("a\nb\n", "a\n\u{1B}[31mred\u{202E}\u{200B}\u{9B}\n").joined(separator: "|")
        #expect(shown.contains("+ \\u{1b}[31mred\\u{202e}\\u{200b}\\u{9b}"))
        #expect(!shown.unicodeScalars.contains("\u{1B}"))
    }
}
