import Spec
import Values

/// One changed field as lines of a difference.
enum FieldLines {
    private static let valueLimit = 500
    private static let lineLimit = 2_000

    static func lines(_ field: FieldChange) -> [String] {
        let name = field.label
        if field.isSensitive { return [cut("! \(name): (sensitive)", lineLimit)] }
        if let before = field.before?.string, let after = field.after?.string,
            let difference = UnifiedDiff.lines(from: before, to: after)
        {
            let shown = UnifiedDiff.shortened(difference, limit: lineLimit - 100)
            return (["--- \(name)", "+++ \(name)"] + shown).map { cut($0, lineLimit) }
        }
        if let before = field.before?.canonicalText, let after = field.after?.canonicalText {
            let excerpt = Excerpt(before, after, limit: valueLimit)
            return [line("-", name, excerpt.before, of: before), line("+", name, excerpt.after, of: after)]
        }
        return [("-", field.before), ("+", field.after)].compactMap { sign, value in
            value.map { line(sign, name, cut($0.canonicalText, valueLimit), of: $0.canonicalText) }
        }
    }

    /// A field whose change is the edit of a file that is shown elsewhere.
    static func lines(_ field: FieldChange, editOf file: String) -> [String] {
        [cut("! \(field.label): (the edit of \(file), below)", lineLimit)]
    }

    private static func line(_ sign: String, _ name: String, _ shown: String, of text: String) -> String {
        let size = shown.utf8.count == text.utf8.count ? "" : " (\(text.utf8.count) bytes)"
        return cut("\(sign) \(name): \(shown)\(size)", lineLimit)
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return "\(text[..<end])…"
    }
}
