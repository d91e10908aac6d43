/// The difference of two texts of several lines as `diff -u` and git write it: hunks that begin with `@@`, lines that
/// begin with `-`, `+` or a space.
package enum UnifiedDiff {
    private static let context = 3

    /// Lines of each text that are shown where too many differ to be compared one by one.
    private static let blockLines = 50

    /// Nil where both have one line only, or where they look the same.
    package static func lines(from before: String, to after: String) -> [String]? {
        let (old, new) = (split(before), split(after))
        guard old.count > 1 || new.count > 1 else { return nil }
        var numbers: [Line: Int] = [:]
        func number(_ line: Line) -> Int {
            if let known = numbers[line] { return known }
            numbers[line] = numbers.count
            return numbers.count - 1
        }
        guard let script = LineScript(from: old.map(number), to: new.map(number)) else { return block(old, new) }
        let rows = rows(script, old, new)
        guard rows.contains(where: { $0.sign != " " }) else { return nil }
        return hunks(rows)
    }

    /// A line without its end; the last one may have none, which makes it another line.
    private struct Line: Hashable {
        let text: Substring
        let isEnded: Bool
    }

    private struct Row {
        let sign: String
        let line: Line
        /// How many lines of each text stand before it.
        let before: Int
        let after: Int
    }

    /// By line feeds alone: a carriage return before one is a part of the line, and shown.
    private static func split(_ text: String) -> [Line] {
        var parts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
        let isEnded = parts.last?.isEmpty == true
        if isEnded { parts.removeLast() }
        return parts.enumerated().map { index, part in
            Line(text: part, isEnded: isEnded || index < parts.count - 1)
        }
    }

    /// Each run of changes with what goes before what comes.
    private static func rows(_ script: LineScript, _ old: [Line], _ new: [Line]) -> [Row] {
        var rows: [Row] = []
        var (removed, inserted): ([Line], [Line]) = ([], [])
        var (before, after) = (0, 0)
        func flush() {
            for line in removed {
                rows.append(Row(sign: "-", line: line, before: before, after: after))
                before += 1
            }
            for line in inserted {
                rows.append(Row(sign: "+", line: line, before: before, after: after))
                after += 1
            }
            (removed, inserted) = ([], [])
        }
        for step in script.steps {
            switch step {
            case .remove(let place): removed.append(old[place])
            case .insert(let place): inserted.append(new[place])
            case .keep(let place):
                flush()
                rows.append(Row(sign: " ", line: new[place], before: before, after: after))
                (before, after) = (before + 1, after + 1)
            }
        }
        flush()
        return rows
    }

    /// Where very many lines differ: all that went, and then all that came, the beginning of each.
    private static func block(_ old: [Line], _ new: [Line]) -> [String] {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let rest = min(old.count, new.count) - head
        let tail = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let (start, end) = (max(0, head - context), min(tail, context))
        func side(_ lines: [Line], _ sign: String, _ word: String) -> [String] {
            let middle = lines[head..<(lines.count - tail)]
            let more = middle.count - blockLines
            return middle.prefix(blockLines).map { "\(sign)\($0.text)" }
                + (more > 0 ? ["\\ … and \(more) more lines that \(word)"] : [])
        }
        func range(_ lines: [Line]) -> String { "\(start + 1),\(lines.count - tail + end - start)" }
        return ["@@ -\(range(old)) +\(range(new)) @@"]
            + new[start..<head].map { " \($0.text)" } + side(old, "-", "went") + side(new, "+", "came")
            + new[(new.count - tail)...].prefix(end).map { " \($0.text)" }
            + ["\\ too many lines differ to be compared one by one: `-o json` has both texts whole"]
    }

    /// Lines that are too long, each cut around what differs from the line whose place it takes.
    ///
    /// - Parameter limit: scalars of a line
    static func shortened(_ lines: [String], limit: Int) -> [String] {
        guard lines.contains(where: { $0.utf8.count > limit }) else { return lines }
        var shown = lines
        var (removed, inserted): ([Int], [Int]) = ([], [])
        func text(_ index: Int) -> String { String(lines[index].unicodeScalars.dropFirst()) }
        func flush() {
            for (old, new) in zip(removed, inserted) {
                let excerpt = Excerpt(text(old), text(new), limit: limit)
                (shown[old], shown[new]) = ("-\(excerpt.before)", "+\(excerpt.after)")
            }
            (removed, inserted) = ([], [])
        }
        for (index, line) in lines.enumerated() {
            switch line.unicodeScalars.first {
            case "-":
                if !inserted.isEmpty { flush() }
                removed.append(index)
            case "+": inserted.append(index)
            case "\\": continue
            default: flush()
            }
        }
        flush()
        return shown
    }

    private static func hunks(_ rows: [Row]) -> [String] {
        var ranges: [Range<Int>] = []
        for index in rows.indices where rows[index].sign != " " {
            let range = max(0, index - context)..<min(rows.count, index + context + 1)
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        return ranges.flatMap { range in
            let hunk = rows[range]
            let lines = hunk.flatMap { row in
                ["\(row.sign)\(row.line.text)"] + (row.line.isEnded ? [] : ["\\ No newline at end of file"])
            }
            return [header(hunk)] + lines
        }
    }

    /// `@@ -1,3 +1,4 @@`; where a side has no line, the number of the one before it, as git writes it.
    private static func header(_ hunk: ArraySlice<Row>) -> String {
        func side(_ start: Int?, _ count: Int) -> String {
            let first = (start ?? 0) + (count == 0 ? 0 : 1)
            return count == 1 ? "\(first)" : "\(first),\(count)"
        }
        let old = side(hunk.first?.before, hunk.count { $0.sign != "+" })
        let new = side(hunk.first?.after, hunk.count { $0.sign != "-" })
        return "@@ -\(old) +\(new) @@"
    }
}
