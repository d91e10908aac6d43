import Spec

/// From the former to the new names of what a revision renames of one kind. Within one revision names may change places:
/// then each is taken away first, and given afterwards.
struct NameMoves {
    let steps: [(from: String, to: String)]

    /// - Parameter form: of a name, as it is recorded
    init(_ changes: [ResourceChange], of kind: KindName, _ form: (String) -> String = { $0 }) {
        let moves = changes.filter { $0.id.kind == kind }.compactMap { change in
            change.formerID.map { (from: form($0.name), to: form(change.id.name)) }
        }
        let taken = Set(moves.map(\.to))
        guard moves.contains(where: { taken.contains($0.from) }) else {
            steps = moves
            return
        }
        // No name has a slash.
        let between = moves.indices.map { form("renamed/\($0)") }
        steps = zip(moves, between).map { ($0.from, $1) } + zip(between, moves).map { ($0, $1.to) }
    }
}
