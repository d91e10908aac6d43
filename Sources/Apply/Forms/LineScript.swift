/// The shortest way from one list of lines to another (E. Myers, An O(ND) Difference Algorithm, 1986), given up after a
/// number of edits: time and memory grow with the square of that, never of the texts' length.
struct LineScript {
    enum Step: Hashable {
        /// A line of both; its place in the new list.
        case keep(Int)
        /// Its place in the old list.
        case remove(Int)
        /// Its place in the new list.
        case insert(Int)
    }

    private static let limit = 1_000

    let steps: [Step]

    /// - Parameters:
    ///   - old: one number for each line, the same for equal lines
    ///   - new: likewise
    /// - Returns: nil where more than 1,000 lines would be edited
    init?(from old: [Int], to new: [Int]) {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let rest = min(old.count, new.count) - head
        let tail = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let middle = Self.edits(
            Array(old[head..<(old.count - tail)]), Array(new[head..<(new.count - tail)]))
        guard let middle else { return nil }
        steps =
            (0..<head).map { .keep($0) }
            + middle.map { step in
                switch step {
                case .keep(let place): .keep(place + head)
                case .remove(let place): .remove(place + head)
                case .insert(let place): .insert(place + head)
                }
            }
            + ((new.count - tail)..<new.count).map { .keep($0) }
    }

    /// The furthest place reached on each diagonal, round after round.
    private static func edits(_ old: [Int], _ new: [Int]) -> [Step]? {
        var furthest = [Int](repeating: 0, count: 2 * limit + 3)
        let origin = limit + 1
        var rounds: [[Int]] = []
        for round in 0...limit {
            rounds.append(Array(furthest[(origin - round - 1)...(origin + round + 1)]))
            for diagonal in stride(from: -round, through: round, by: 2) {
                let (left, right) = (furthest[origin + diagonal - 1], furthest[origin + diagonal + 1])
                var x = diagonal == -round || (diagonal != round && left < right) ? right : left + 1
                while x < old.count, x - diagonal < new.count, x >= diagonal, old[x] == new[x - diagonal] { x += 1 }
                furthest[origin + diagonal] = x
                if x == old.count, x - diagonal == new.count { return way(back: rounds, old.count, new.count) }
            }
        }
        return nil
    }

    private static func way(back rounds: [[Int]], _ oldCount: Int, _ newCount: Int) -> [Step] {
        var steps: [Step] = []
        var (x, y) = (oldCount, newCount)
        for (round, furthest) in rounds.enumerated().reversed() where round > 0 {
            let diagonal = x - y
            // `furthest` begins at the diagonal -round - 1.
            let (left, right) = (furthest[diagonal + round], furthest[diagonal + round + 2])
            let isInsertion = diagonal == -round || (diagonal != round && left < right)
            let fromX = isInsertion ? right : left
            let fromY = fromX - (isInsertion ? diagonal + 1 : diagonal - 1)
            while x > fromX, y > fromY {
                (x, y) = (x - 1, y - 1)
                steps.append(.keep(y))
            }
            steps.append(isInsertion ? .insert(fromY) : .remove(fromX))
            (x, y) = (fromX, fromY)
        }
        while y > 0 {
            y -= 1
            steps.append(.keep(y))
        }
        return steps.reversed()
    }
}
