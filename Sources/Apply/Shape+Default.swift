import Spec

extension Shape {
    /// Whether a field that is left out counts as something nonetheless.
    ///
    /// - Parameter tokens: the way to it
    func hasDefault(at tokens: ArraySlice<String>) -> Bool {
        guard let token = tokens.first else { return false }
        let rest = tokens.dropFirst()
        switch self {
        case .object(let object):
            guard let field = object[field: token] else { return false }
            return rest.isEmpty ? field.defaultValue != nil : field.shape.hasDefault(at: rest)
        case .list(let item, _), .map(let item): return item.hasDefault(at: rest)
        case .anyOf(let alternatives): return alternatives.contains { $0.hasDefault(at: tokens) }
        default: return false
        }
    }
}
