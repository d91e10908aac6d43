import Spec
import Values

/// What resources of one kind say, in parts that can be counted: a field's value, or a line of a longer text. A part
/// weighs what there is to read in it, so that prose says more about who a resource is than a usual number.
struct ResourceContents {
    struct Content: Hashable {
        /// Sorted.
        let features: [Int]
    }

    private var numbers: [String: Int] = [:]
    private var weights: [Int] = []

    /// Parts of one resource that count.
    private static let limit = 500
    /// Parts that two resources must have in common to be near.
    private static let least = 3

    mutating func add(_ resource: Resource) -> Content {
        var features: Set<Int> = []
        for part in ["metadata", "spec"] {
            guard let value = resource.manifest[part] else { continue }
            collect(value, part, &features)
        }
        return Content(features: features.sorted())
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

    private mutating func collect(_ value: JSON, _ path: String, _ features: inout Set<Int>) {
        guard features.count < Self.limit else { return }
        switch value {
        case .object(let members):
            for (key, member) in members where path != "metadata" || key != "name" {
                collect(member, "\(path).\(key)", &features)
            }
        case .array(let values):
            for value in values { collect(value, "\(path)[]", &features) }
        case .string(let text):
            for line in text.split(whereSeparator: \.isNewline) where features.count < Self.limit {
                add(path, String(line), &features)
            }
        default:
            add(path, value.canonicalText, &features)
        }
    }

    private mutating func add(_ path: String, _ text: String, _ features: inout Set<Int>) {
        let name = "\(path)=\(text)"
        if let number = numbers[name] {
            features.insert(number)
            return
        }
        numbers[name] = weights.count
        features.insert(weights.count)
        weights.append(4 + min(text.utf8.count, 200))
    }
}
