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
            return (["--- \(name)", "+++ \(name)"] + difference).map { cut($0, lineLimit) }
        }
        return [line("-", name, field.before), line("+", name, field.after)].compactMap { $0 }
    }

    /// A field whose change is the edit of a file that is shown elsewhere.
    static func lines(_ field: FieldChange, editOf file: String) -> [String] {
        [cut("! \(field.label): (the edit of \(file), below)", lineLimit)]
    }

    private static func line(_ sign: String, _ name: String, _ value: JSON?) -> String? {
        guard let value else { return nil }
        let text = value.canonicalText
        let shown = cut(text, valueLimit)
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
