import Spec
import Values

/// Which commit, or which revision, set each field of a resource last.
package struct Blame: Sendable {
    package struct Line: Sendable, Hashable {
        package let pointer: JSONPointer
        /// `spec.tools[publish].approval`
        package let label: String
        /// Nil for what must not be shown.
        package let value: JSON?
        package let origin: Origin
    }

    package struct Origin: Sendable, Hashable {
        package let revision: Int
        /// Nil where no commit said so, but an operator who took something back.
        package let commit: String?
        /// Why an earlier commit may have said it.
        package let doubt: Doubt?

        package init(revision: Int, commit: String?, doubt: Doubt? = nil) {
            self.revision = revision
            self.commit = commit
            self.doubt = doubt
        }
    }

    /// Why it is not known what came before a commit.
    package enum Doubt: Sendable, Hashable {
        /// As in a shallow clone.
        case notHere
        /// It is further back than anybody looks.
        case notSearched
    }

    private let kind: KindName
    private var tree: BlameTree?

    package init(of kind: KindName) {
        self.kind = kind
    }

    /// A content on the way from what was in force before to what was applied next: that of one commit.
    package struct Step: Sendable {
        package let manifest: JSON
        package let origin: Origin
        /// What it was made from: earlier steps by their places, and nil for what was in force before.
        package let parents: [Int?]

        package init(manifest: JSON, origin: Origin, parents: [Int?]) {
            self.manifest = manifest
            self.origin = origin
            self.parents = parents
        }
    }

    /// Takes the next content of the resource.
    ///
    /// - Parameters:
    ///   - steps: the commits that led to it, the oldest first
    ///   - isNew: the resource was not there before: what it was in an earlier life says nothing
    package mutating func add(_ manifest: JSON, by steps: [Step] = [], from origin: Origin, isNew: Bool) {
        let before = isNew ? nil : tree
        var trees: [BlameTree] = []
        for step in steps {
            let parents = step.parents.compactMap { place in
                guard let place else { return before }
                return trees.indices.contains(place) ? trees[place] : nil
            }
            trees.append(BlameTree(step.manifest, after: parents, origin: step.origin))
        }
        tree = BlameTree(manifest, after: [trees.last ?? before].compactMap { $0 }, origin: origin)
    }

    /// Every field of the last content, metadata before the spec.
    package var lines: [Line] {
        guard let tree, case .object(let members) = tree.content else { return [] }
        var lines: [Line] = []
        for part in ["metadata", "spec"] {
            guard let member = members[part] else { continue }
            let shape = part == "metadata" ? Metadata.shape : KindCatalog[kind]?.shape ?? .any
            let path = FieldPath(pointer: JSONPointer([part]), label: part)
            Self.collect(member, shape, path, isSensitive: KindCatalog[kind] == nil && part == "spec", into: &lines)
        }
        return lines
    }

    private static func collect(
        _ tree: BlameTree, _ shape: Shape, _ path: FieldPath, isSensitive: Bool, into lines: inout [Line]
    ) {
        switch tree.content {
        case .leaf:
            lines.append(
                Line(
                    pointer: path.pointer, label: path.label, value: isSensitive ? nil : tree.value,
                    origin: tree.origin))
        case .object(let members):
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                let (inner, isHidden) = shape.member(key, of: tree.value)
                collect(member, inner, path.member(key), isSensitive: isSensitive || isHidden, into: &lines)
            }
        case .list(let items):
            let named = NamedItems(items.map(\.value))
            for (index, item) in items.enumerated() {
                let label = named.flatMap { $0.items.indices.contains(index) ? $0.items[index].label : nil }
                collect(
                    item, shape.item(of: tree.value), path.item(index, named: label), isSensitive: isSensitive,
                    into: &lines)
            }
        }
    }
}

extension Shape {
    /// What a member of `value` looks like, and whether it must not be shown.
    fileprivate func member(_ key: String, of value: JSON) -> (Shape, Bool) {
        switch self {
        case .object(let object):
            guard let field = object[field: key] else { return (.any, false) }
            return (field.shape, field.marks.isSensitive)
        case .map(let item): return (item, false)
        case .anyOf(let alternatives):
            return alternatives.first { $0.takes(value) }?.member(key, of: value) ?? (.any, false)
        default: return (.any, false)
        }
    }

    fileprivate func item(of value: JSON) -> Shape {
        switch self {
        case .list(let item, _): item
        case .anyOf(let alternatives): alternatives.first { $0.takes(value) }?.item(of: value) ?? .any
        default: .any
        }
    }
}
