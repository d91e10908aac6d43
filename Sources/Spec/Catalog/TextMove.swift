import Values

/// That a text of a resource stands in another file than before, and is what it was.
package struct TextMove: Sendable, Hashable {
    /// Into the manifest.
    package let pointer: JSONPointer
    /// From the repository's root; nil for what stood in the manifest itself.
    package let from: String?
    /// The same of now.
    package let to: String?
}

extension Resource {
    /// What moved, where that is all by which the two differ; nil where they say something else. Of a resource that is as
    /// it was nothing moved.
    ///
    /// A canonical manifest names the files of its texts, and so does its digest, which stays as it is: what is recorded
    /// and saved goes by it.
    package func textMoves(since former: Resource) -> [TextMove]? {
        if digest == former.digest { return [] }
        var moves: [TextMove] = []
        guard id == former.id, let shape = KindCatalog[id.kind]?.shape, case .object(let old) = former.manifest,
            case .object(let new) = manifest, old.keys.elementsEqual(new.keys),
            old.keys.allSatisfy({ $0 == "spec" || old[$0] == new[$0] }),
            let before = old["spec"], let after = new["spec"],
            TextComparison.isSame(before, after, shape, at: ["spec"], &moves), !moves.isEmpty
        else { return nil }
        return moves
    }

    /// Whether it does the same, wherever its texts stand.
    package func saysTheSame(as former: Resource) -> Bool { textMoves(since: former) != nil }

    /// The same, or both are not there.
    package static func areTheSame(_ one: Resource?, _ other: Resource?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return other.saysTheSame(as: one)
    }
}

/// Compares along a shape, so that a mapping of free JSON that looks like an included file is none.
private enum TextComparison {
    static func isSame(
        _ before: JSON, _ after: JSON, _ shape: Shape, at tokens: [String], _ moves: inout [TextMove]
    ) -> Bool {
        if before == after { return true }
        if let old = StandingText(before, shape), let new = StandingText(after, shape) {
            guard old.text == new.text else { return false }
            moves.append(TextMove(pointer: JSONPointer(tokens), from: old.file, to: new.file))
            return true
        }
        switch (before, after) {
        case (.object(let old), .object(let new)):
            guard old.keys.elementsEqual(new.keys) else { return false }
            return old.allSatisfy { key, member in
                guard let other = new[key] else { return false }
                return isSame(member, other, shape.shape(of: key, in: before), at: tokens + [key], &moves)
            }
        case (.array(let old), .array(let new)):
            guard old.count == new.count else { return false }
            let item = shape.itemShape
            return zip(old, new).enumerated().allSatisfy { index, pair in
                isSame(pair.0, pair.1, item, at: tokens + [String(index)], &moves)
            }
        default: return false
        }
    }
}
