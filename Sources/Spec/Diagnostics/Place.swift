/// A position inside one file: lines and columns count from 1, columns in Unicode scalars.
package struct Mark: Hashable, Comparable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static let start = Mark(line: 1, column: 1)

    package static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A position in a file of the repository.
package struct Place: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Relative to the repository's root.
    package let path: String
    package let mark: Mark

    package init(path: String, mark: Mark) {
        self.path = path
        self.mark = mark
    }

    /// `agents/brief.yaml:3:5`
    package var description: String { "\(path):\(mark.line):\(mark.column)" }

    package static func < (left: Place, right: Place) -> Bool {
        (left.path, left.mark) < (right.path, right.mark)
    }
}
