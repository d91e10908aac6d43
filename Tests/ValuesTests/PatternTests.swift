import Testing
import Values

@Suite("Patterns")
struct PatternTests {
    @Test(
        arguments: [
            ("^v\\d+$", "v12", true), ("^v\\d+$", "v12\n", false), ("b", "abc", true), ("^\\p{L}+$", "äß", true),
            ("^.$", "😀", true), ("^\\w+$", "é", true), ("(?i)^ABC$", "abc", true), ("", "", true), ("^a", "ba", false),
        ])
    func `searches as PCRE2 does in Unicode`(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == isMatch)
    }

    @Test(arguments: [
        ("(", 1), ("[a", 2), ("a{2,1}", 5), ("*", 0), ("\\C", 2), ("(*UCP)a", 0), ("(*LIMIT_MATCH=9)a", 0),
        ("a(?C1)", 0),
    ])
    func `a pattern that is none, or that would change the bounds, is refused`(_ text: String, _ offset: Int) {
        let error = #expect(throws: PatternError.self) { try Pattern(text) }
        #expect(error?.offset == offset)
        #expect(error?.message.isEmpty == false)
    }

    @Test func `a pattern over 4 KiB is refused`() throws {
        _ = try Pattern(String(repeating: "a", count: 4096))
        #expect(throws: PatternError.self) { try Pattern(String(repeating: "a", count: 4097)) }
    }

    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "(?:a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$"])
    func `a hostile text is given up in short time`(_ text: String) throws {
        let pattern = try Pattern(text)
        let subject = String(repeating: "a", count: 5000) + "!"
        let duration = ContinuousClock().measure { #expect(!pattern.matches(subject)) }
        #expect(duration < .seconds(5))
    }

    @Test func `giving up is told apart from no match`() throws {
        let pattern = try Pattern("^(a+)+$")
        #expect(pattern.outcome(on: String(repeating: "a", count: 40) + "!") == .limitExceeded)
        #expect(pattern.outcome(on: "b") == .noMatch)
        #expect(pattern.outcome(on: String(repeating: "a", count: Pattern.subjectLimit + 1)) == .limitExceeded)
    }
}
