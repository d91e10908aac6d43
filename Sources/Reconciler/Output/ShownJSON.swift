import Spec
import Values

extension JSON {
    /// As it is printed: the same value, with what turns the direction of a terminal's text around escaped
    /// (CVE-2021-42574).
    var shownText: String {
        let text = prettyText
        guard text.unicodeScalars.contains(where: BidirectionalControls.contains) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if BidirectionalControls.contains(scalar) {
                shown += "\\u" + String(scalar.value, radix: 16)
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
