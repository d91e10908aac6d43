import GRDB

/// The parts of a WHERE clause, collected from a filter whose parts may be missing.
struct Conditions {
    private(set) var texts: [String] = []
    private(set) var arguments: Arguments = [:]

    /// Asks for rows whose column has this value; for none if it is `nil`.
    mutating func add(_ column: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        texts.append("\(column) = :\(column)")
        arguments[column] = value
    }

    mutating func add(_ condition: (text: String, arguments: Arguments)) {
        texts.append(condition.text)
        arguments.merge(condition.arguments) { _, own in own }
    }
}
