/// The same numbers in every run (splitmix64).
package struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(_ seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A text of pieces that are hard for YAML.
    package mutating func hardText(upTo count: Int = 6) -> String {
        let pieces = [
            "a", "yes", "no", "null", "~", "true", "1", "0x1f", "1e3", ".inf", "-", "- ", "?", ": ", ":", " #", "#",
            "\n", "\n\n", "\t", " ", "  ", "'", "\"", "\\", "|", ">", "%YAML", "---", "...", "&a", "*a", "!t", "{", "}",
            "[", "]", ",", "@", "`", "<<", "=", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{200B}", "\u{202E}", "\u{7F}",
            "\u{1B}", "\u{1}", "é", "e\u{301}", "日本", "🎉", "\u{E000}", "\u{FFFE}", "\u{10FFFF}", "\r", "\r\n", "{{x}}",
            "line of words", "12:30", "2026-01-01", "  indented\n", "end \n", "\n#", "\n---\n", "\n\t", " \n",
        ]
        return (0..<Int.random(in: 0...count, using: &self)).map { _ in
            pieces.randomElement(using: &self) ?? ""
        }.joined()
    }
}
