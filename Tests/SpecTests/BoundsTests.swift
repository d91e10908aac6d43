import Spec
import Testing
import Values

/// What would take a naive reader minutes or gigabytes. Each is refused at an early place, which is what makes it cheap:
/// the reader stops there.
@Suite struct BoundsTests {
    @Test func `a billion laughs are refused at the alias that goes over the budget (fault A1)`() {
        var text = "- &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "- &a\(level) [\(aliases)]\n"
        }
        let reading = readYAML(text)
        // 10 + 91 + 820 + 7,381 nodes in the first four lines; line 5 ends with 74,620.
        #expect(reading.diagnostics.map(\.code) == [.aliasBudget])
        #expect(reading.diagnostics.first?.place.mark.line == 5)
        #expect(reading.documents.isEmpty)
    }

    @Test func `aliases within the budget are read`() throws {
        let reading = readYAML("a: &x [1, 2]\nb: *x\nc: &y {d: *x}\ne: *y\n")
        #expect(reading.diagnostics.isEmpty)
        let item = try #require(reading.documents.first?["e"]?["d"])
        guard case .sequence(let items) = item.content else {
            Issue.record("an alias should stand for its list")
            return
        }
        #expect(items.count == 2)
    }

    @Test func `a merge-key bomb is refused (fault A2)`() {
        let reading = readYAML("a: &a {x: 1}\nb: &b {<<: [*a, *a]}\nc: {\"<<\": [*b, *b]}\n")
        #expect(reading.summary == ["2:8 merge-key"])
    }

    @Test func `an anchor that holds itself is refused (fault A3)`() {
        #expect(readYAML("a: &a\n  b: *a\n").summary == ["2:6 unknown-alias"])
        #expect(readYAML("&a [*a]").summary == ["1:5 unknown-alias"])
    }

    @Test func `an undefined alias is refused, also one of another document (fault A4)`() {
        #expect(readYAML("a: 1\nb: [*c]\n").summary == ["2:5 unknown-alias"])
        #expect(readYAML("a: &c 1\n---\nb: *c\n").summary == ["3:4 unknown-alias"])
    }

    @Test(arguments: [
        (String(repeating: "[", count: 1_000_000), "1:65 too-deep"),
        (String(repeating: "{a: ", count: 100_000), "1:257 too-deep"),
        (String(repeating: "- ", count: 50_000) + "x", "1:129 too-deep"),
        (String(repeating: "? ", count: 50_000) + "x", "1:3 bad-key"),
        ((0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), "65:65 too-deep"),
    ]) func `what is nested over 64 levels is refused at level 65 (faults A5, A6, A7)`(text: String, summary: String) {
        let reading = readYAML(text)
        #expect(reading.summary == [summary])
        #expect(!reading.isWhole)
    }

    @Test func `64 levels are read`() {
        let reading = readYAML(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
        #expect(reading.diagnostics.isEmpty)
        #expect(reading.documents.count == 1)
    }

    @Test func `an alias counts the levels of what it stands for`() {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        let reading = readYAML("- &a \(deep)\n- " + String(repeating: "[", count: 30) + "*a\n")
        #expect(reading.summary == ["2:33 too-deep"])
    }

    @Test func `20,000 %TAG lines are refused at the first (fault A21)`() {
        let tags = (0..<20_000).map { "%TAG !\($0)! tag:example.com,2000:\n" }.joined()
        #expect(readYAML("# note\n" + tags + "---\na: 1\n").summary == ["2:1 directive"])
        #expect(readYAML("a: 1\n...\n%YAML 9.9\n---\n").summary == ["3:1 directive"])
    }

    @Test func `a percent sign inside a text is no directive`() {
        #expect(readYAML("a: |\n  %x\nb: '\n  %y'\n").summary == [])
    }

    @Test func `100,000 documents are refused at the 1,001st (fault A22)`() {
        let reading = readYAML(String(repeating: "---\n", count: 100_000))
        #expect(reading.summary == ["1001:1 too-many-documents"])
    }

    @Test func `20,000 anchors and aliases take one event each (fault A1)`() {
        let anchors = (0..<12_000).map { "- &a\($0) x\n- *a\($0)\n" }.joined()
        #expect(readYAML(anchors).summary == [])
    }

    @Test func `a file over 1 MiB is not read, and a long comment is no fault (faults A8, A27)`() throws {
        let head = "=== a.yaml: User a ===\nrole: viewer\n"
        #expect(try load(head + "# " + String(repeating: "x", count: 900_000)).contains(User.id("a")))
        let marked = try MarkedText(head + "displayName: " + String(repeating: "s3cret", count: 3 << 20))
        let loaded = try CatalogLoader(zones: .system).load(marked.snapshot)
        #expect(loaded.diagnostics.map(\.code) == [.fileTooLarge])
        #expect(loaded.diagnostics.allSatisfy { $0.text.utf8.count < 300 })
        #expect(loaded.catalog.resources.isEmpty)
    }

    @Test func `messages stay short whatever the value`() throws {
        let long = String(repeating: "x", count: 200_000)
        let loaded = try CatalogLoader(zones: .system).load(
            try MarkedText(
                "=== a.yaml: User \(long) ===\nrole: \(long)\n=== b.yaml: Agent b ===\nlimits: {timeout: \(long)}\n"
            ).snapshot)
        #expect(loaded.diagnostics.count == 5)
        #expect(loaded.diagnostics.allSatisfy { $0.text.utf8.count < 500 })
    }

    @Test(arguments: [
        ("a: [1, 2", "1:4 yaml-syntax"), ("a: 'x\n\nb: 1\n", "1:4 yaml-syntax"), ("a: b: c", "1:5 yaml-syntax"),
        ("a:\n  - 1\n b: 2", "3:2 yaml-syntax"), ("a: \"\\q\"", "1:5 yaml-syntax"), ("a\nb: 1", "2:2 yaml-syntax"),
        ("a: {b: 1\n", "1:4 yaml-syntax"),
        ("a: @x", "1:4 yaml-syntax"), ("}", "1:1 yaml-syntax"), ("a: 1\n\tb: 2", "2:1 yaml-syntax"),
    ]) func `a syntax error is told where it is (faults A15, A25)`(text: String, summary: String) {
        let reading = readYAML(text)
        #expect(reading.summary == [summary], "\(reading.diagnostics.map(\.text))")
    }

    @Test func `an open quote is told where it opens, not where the file ends (fault A25)`() {
        #expect(readYAML("a: 1\nb: 2\n  \nc: \"open\nd: 3\n").summary == ["4:4 yaml-syntax"])
    }

    @Test(arguments: [
        ("a: 1\na: 2", ["2:1 duplicate-key"]), ("{a: 1, \"\\x61\": 2}", ["1:8 duplicate-key"]),
        ("'\u{E9}': 1\n'e\u{301}': 2", ["2:1 duplicate-key"]), ("{? a : 1, a: 2}", ["1:11 duplicate-key"]),
        ("? [a, b]\n: 1", ["1:3 bad-key"]), ("? {a: b}\n: 1", ["1:3 bad-key"]), (": 1", ["1:1 yaml-syntax"]),
        ("'': 1", ["1:1 bad-key"]), ("\"a\\0\": 1", ["1:1 control-character"]), ("&k a: 1", ["1:1 bad-key"]),
        ("- &k x\n- *k : 1", ["2:3 bad-key"]),
    ]) func `keys are plain texts, each once (faults A9, A10, A18, A24)`(text: String, summary: [String]) {
        let reading = readYAML(text)
        #expect(reading.summary == summary, "\(reading.diagnostics.map(\.text))")
    }

    @Test(arguments: [
        "a: !!python/object/apply:os.system [ls]", "a: !include x.yaml", "a: !!binary aGk=", "a: !!str x", "a: ! x",
        "a: !<tag:example.com,2000:x> y",
    ]) func `a tag is refused (fault A20)`(text: String) {
        let reading = readYAML(text)
        #expect(reading.summary == ["1:4 tag"], "\(reading.diagnostics.map(\.text))")
    }
}
