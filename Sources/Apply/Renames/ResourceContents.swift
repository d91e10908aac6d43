import Spec
import Values

/// What resources of one kind say, in parts that can be counted.
struct ResourceContents {
    struct Content: Hashable {
        /// Sorted.
        let features: [Int]
    }

    private var numbers: [ContentPart: Int] = [:]
    private var weights: [Int] = []

    /// Parts that two resources must have in common to be near.
    static let least = 3
    /// Parts of two resources that say nothing else.
    static let leastAlone = 2

    mutating func add(_ resource: Resource) -> Content {
        Content(features: ContentPart.parts(of: resource.manifest).map { number(of: $0) }.sorted())
    }

    /// From 0 to 1 (Dice's coefficient).
    func likeness(_ one: Content, _ other: Content) -> Double {
        var shared = 0
        var count = 0
        var (left, right) = (one.features[...], other.features[...])
        while let first = left.first, let second = right.first {
            if first == second {
                shared += weights[first]
                count += 1
            }
            if first <= second { left.removeFirst() }
            if second <= first { right.removeFirst() }
        }
        let total = weight(one) + weight(other)
        guard count >= Self.least, total > 0 else { return 0 }
        return Double(2 * shared) / Double(total)
    }

    private func weight(_ content: Content) -> Int {
        content.features.reduce(0) { $0 + weights[$1] }
    }

    private mutating func number(of part: ContentPart) -> Int {
        if let number = numbers[part] { return number }
        numbers[part] = weights.count
        weights.append(part.weight)
        return weights.count - 1
    }
}
