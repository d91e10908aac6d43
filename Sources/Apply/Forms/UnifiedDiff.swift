/// The difference of two texts of several lines as `diff -u` and git write it: hunks that begin with `@@`, lines that
/// begin with `-`, `+` or a space.
package enum UnifiedDiff {
    private static let context = 3

    /// Nil where both have one line only, where they look the same, or where very many lines differ.
    package static func lines(from before: String, to after: String) -> [String]? {
        let (old, new) = (split(before), split(after))
        guard old.count > 1 || new.count > 1 else { return nil }
        var numbers: [Line: Int] = [:]
        func number(_ line: Line) -> Int {
            if let known = numbers[line] { return known }
            numbers[line] = numbers.count
            return numbers.count - 1
        }
        guard let script = LineScript(from: old.map(number), to: new.map(number)) else { return nil }
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
