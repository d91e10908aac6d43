import Apply

/// Rows under headings, each column as wide as its widest cell.
struct Table {
    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: String...) {
        self.headings = headings
    }

    mutating func add(_ cells: String...) {
        rows.append(cells.map(displayed))
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Lines end without spaces.
    func text() -> String {
        let all = [headings] + rows
        let widths = headings.indices.map { column in
            all.compactMap { $0.indices.contains(column) ? $0[column].count : nil }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                guard column < row.count - 1, widths.indices.contains(column) else { continue }
                line += String(repeating: " ", count: widths[column] - cell.count + 2)
            }
            return line
        }.joined(separator: "\n") + "\n"
    }
}

/// The first line of a text, cut for a table.
func headline(_ text: String, _ limit: Int = 60) -> String {
    let line = text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
    return line.count > limit ? String(line.prefix(limit - 1)) + "…" : line
}
