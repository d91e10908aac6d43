/// Text from outside that is safe for a terminal and a log: controls and whatever is invisible are written as
/// `\u{1b}` (faults A19, B46, C71, G138).
package func escaped(_ text: some Sequence<Unicode.Scalar>) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text {
        if (0x20..<0x7F).contains(scalar.value) {
            shown.append(scalar)
            continue
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
        default: shown.append(scalar)
        }
    }
    return String(shown)
}

/// The same; most texts are as they are shown.
package func escaped(text: String) -> String {
    text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } ? text : escaped(text.unicodeScalars)
}

/// A text from outside inside a message: escaped, without tokens, in backticks, and cut after 80 characters.
package func quoted(_ text: String) -> String {
    let text = TokenShape.masked(text)
    let shown = escaped(text.unicodeScalars.prefix(80))
    return text.unicodeScalars.dropFirst(80).isEmpty ? "`\(shown)`" : "`\(shown)…`"
}
