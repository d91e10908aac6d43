/// The name that was probably meant by `name`, for "did you mean": the one among `names` with the fewest edits
/// (insert, delete, replace, swap neighbours; upper and lower case count the same).
///
/// At most one edit for every three characters, and four at all; `nil` when nothing is that near. Of equally near names
/// the first in byte order. Names over 64 characters are never near.
package func nearestName(to name: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(65))
    guard (1...64).contains(wanted.count) else { return nil }
    let limit = min(max(wanted.count / 3, 1), 4)
    var best: (name: String, distance: Int)?
    for candidate in names {
        let scalars = Array(candidate.lowercased().unicodeScalars.prefix(65))
        guard scalars.count <= 64, abs(scalars.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, scalars)
        // Replacing every character is no typing error.
        guard distance <= limit, distance < max(wanted.count, scalars.count) else { continue }
        if let best, (best.distance, best.name) <= (distance, candidate) { continue }
        best = (candidate, distance)
    }
    return best?.name
}

/// Damerau-Levenshtein distance in which no text is edited twice ("optimal string alignment").
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, one) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var distance = min(last[column] + (one == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, one == right[column - 1], left[row - 1] == other {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
