import Apply
import Foundation
import Spec
import TestSupport
import Testing
import Values

/// Changes of longer texts, as the plan shows them.
@Suite struct UnifiedDiffTests {
    private static let twelve = (1...12).map { "line \($0)\n" }.joined()

    @Test func `changed lines stand in hunks with three lines around them`() throws {
        let new = Self.twelve.replacing("line 2\n", with: "line two\nand more\n").replacing("line 12\n", with: "")
        #expect(
            try #require(UnifiedDiff.lines(from: Self.twelve, to: new)) == [
                "@@ -1,5 +1,6 @@", " line 1", "-line 2", "+line two", "+and more", " line 3", " line 4", " line 5",
                "@@ -9,4 +10,3 @@", " line 9", " line 10", " line 11", "-line 12",
            ])
    }

    @Test func `changes near each other share a hunk`() throws {
        let new = Self.twelve.replacing("line 3\n", with: "").replacing("line 9\n", with: "line nine\n")
        let lines = try #require(UnifiedDiff.lines(from: Self.twelve, to: new))
        #expect(lines.filter { $0.hasPrefix("@@") } == ["@@ -1,12 +1,11 @@"])
    }

    @Test func `a side without lines counts from zero`() {
        #expect(UnifiedDiff.lines(from: "", to: "a\nb\n") == ["@@ -0,0 +1,2 @@", "+a", "+b"])
        #expect(UnifiedDiff.lines(from: "a\nb\n", to: "") == ["@@ -1,2 +0,0 @@", "-a", "-b"])
    }

    @Test func `a line end that comes or goes at the end is shown`() {
        #expect(
            UnifiedDiff.lines(from: "a\nb", to: "a\nb\n")
                == ["@@ -1,2 +1,2 @@", " a", "-b", "\\ No newline at end of file", "+b"])
        #expect(
            UnifiedDiff.lines(from: "a\nb\n", to: "a\nb")
                == ["@@ -1,2 +1,2 @@", " a", "-b", "+b", "\\ No newline at end of file"])
    }

    @Test func `texts of one line, and texts that look the same, have no hunks`() {
        #expect(UnifiedDiff.lines(from: "One", to: "Two") == nil)
        #expect(UnifiedDiff.lines(from: "a\n\u{E9}\n", to: "a\ne\u{301}\n") == nil)
    }

    @Test func `a small change of a very long text is found, a thousand changed lines are two blocks`() throws {
        let old = (0..<50_000).map { "\($0)\n" }.joined()
        let new = old.replacing("\n25000\n", with: "\nhere\n")
        #expect(try #require(UnifiedDiff.lines(from: old, to: new)).count == 9)
        let other = "0\n" + (1..<50_000).map { "new \($0)\n" }.joined() + "end\n"
        let blocks = try #require(UnifiedDiff.lines(from: old + "end\n", to: other))
        #expect(blocks.prefix(3) == ["@@ -1,50001 +1,50001 @@", " 0", "-1"])
        #expect(blocks[51...53] == ["-50", "\\ … and 49949 more lines that went", "+new 1"])
        #expect(
            blocks.suffix(3) == [
                "\\ … and 49949 more lines that came", " end",
                "\\ too many lines differ to be compared one by one: `-o json` has both texts whole",
            ])
    }

    @Test func `applying the hunks to the old text gives the new one`() throws {
        var generator = SeededRandom(7)
        for _ in 0..<300 {
            let old = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                String("abcd".randomElement(using: &generator) ?? "a")
            }
            var new = old
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0...new.count, using: &generator)
                if place < new.count, Bool.random(using: &generator) {
                    new.remove(at: place)
                } else {
                    new.insert("x", at: place)
                }
            }
            let text = { (lines: [String]) in lines.map { $0 + "\n" }.joined() }
            guard old != new, max(old.count, new.count) > 1 else { continue }
            let hunks = try #require(UnifiedDiff.lines(from: text(old), to: text(new)), "\(old) \(new)")
            #expect(try patched(old, hunks) == new, "\(old) \(hunks)")
        }
    }

    /// What `patch` does, and as strict about numbers.
    private func patched(_ old: [String], _ hunks: [String]) throws -> [String] {
        var new: [String] = []
        var place = 0
        for line in hunks {
            if let match = line.wholeMatch(of: /@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/) {
                let start = try #require(Int(match.1)) - (match.2 == "0" ? 0 : 1)
                new += old[place..<start]
                place = start
                #expect(new.count == (try #require(Int(match.3))) - (match.4 == "0" ? 0 : 1))
                continue
            }
            if !line.hasPrefix("+") {
                #expect(old[place] == line.dropFirst())
                place += 1
            }
            if !line.hasPrefix("-") { new.append(String(line.dropFirst())) }
        }
        return new + old[place...]
    }

    @Test func `what would control a terminal is escaped in a plan (faults A19, B46)`() throws {
        func files(_ text: String) -> [String: String] {
            ["a.yaml": manifest("Prompt", "a", "template: {file: a.md}"), "a.md": text]
        }
        let plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(files("a\n\u{1B}[31mred\u{202E}\u{200B}\u{9B}\n")), commit: nil,
            applied: try ApplyFixture.catalog(files("a\nb\n")), basis: .nothing, asOf: ApplyFixture.start)
        let text = PlanText.render(plan, color: false)
        #expect(text.contains("          +\\u{1b}[31mred\\u{202e}\\u{200b}\\u{9b}\n"))
        #expect(!text.unicodeScalars.contains("\u{1B}"))
    }
}
