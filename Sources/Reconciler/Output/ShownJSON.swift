import Values

extension JSON {
    /// As it is printed: the same value, with what turns the direction of a terminal's text around escaped
    /// (CVE-2021-42574).
    var shownText: String {
        let text = prettyText
        guard text.unicodeScalars.contains(where: Self.turnsDirection) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if Self.turnsDirection(scalar) {
                shown += "\\u" + String(scalar.value, radix: 16)
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}
