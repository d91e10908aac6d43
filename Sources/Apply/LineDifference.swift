/// The difference of two texts of several lines: `-`, `+` and a little context.
enum LineDifference {
    /// Longer texts are not compared: the difference takes the square of their length.
    private static let limit = 2_000
    private static let context = 2

    /// Nil where both have one line only, or one is too long.
    static func lines(from before: String, to after: String) -> [String]? {
        let old = split(before)
        let new = split(after)
        guard old.count > 1 || new.count > 1, old.count <= limit, new.count <= limit else { return nil }
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(offset))
        let inserted = Set(difference.insertions.map(offset))
        var all: [(sign: String, line: Substring)] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, removed.contains(i) {
                all.append(("-", old[i]))
                i += 1
            } else if j < new.count, inserted.contains(j) {
                all.append(("+", new[j]))
                j += 1
            } else {
                if j < new.count { all.append((" ", new[j])) }
                i += 1
                j += 1
            }
        }
        if hasFinalLineEnd(before), !hasFinalLineEnd(after) { all.append(("-", "(line end at the end)")) }
        if !hasFinalLineEnd(before), hasFinalLineEnd(after) { all.append(("+", "(line end at the end)")) }
        return folded(all)
    }

    private static func hasFinalLineEnd(_ text: String) -> Bool { text.utf8.last == UInt8(ascii: "\n") }

    /// By line feeds alone: a carriage return before one is a part of the line, and shown.
    private static func split(_ text: String) -> [Substring] {
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func offset(_ change: CollectionDifference<Substring>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    private static func folded(_ all: [(sign: String, line: Substring)]) -> [String]? {
        let changed = all.indices.filter { all[$0].sign != " " }
        // Texts that differ in their Unicode normalisation only have equal lines.
        guard !changed.isEmpty else { return nil }
        let shown = Set(changed.flatMap { ($0 - context)...($0 + context) })
        var lines: [String] = []
        var isGap = false
        for (index, entry) in all.enumerated() {
            guard shown.contains(index) else {
                isGap = true
                continue
            }
            if isGap { lines.append("  …") }
            isGap = false
            let isBlank = entry.sign == " " && entry.line.isEmpty
            lines.append(isBlank ? "" : "\(entry.sign) \(entry.line)")
        }
        return lines
    }
}
