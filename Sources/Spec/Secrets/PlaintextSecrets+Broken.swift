import Values

extension PlaintextSecrets {
    /// Those in what can be read of a manifest that is not sound.
    ///
    /// - Parameter told: what was said of the manifest, which is not said again
    static func diagnostics(
        ofBroken document: Node, path: String, _ surroundings: any ManifestSurroundings, besides told: [Diagnostic]
    ) -> [Diagnostic] {
        let salvage = ManifestDocument.salvage(of: document, path: path, surroundings)
        let places = Set(told.filter { $0.code == .plaintextSecret }.map(\.place))
        return findings(in: ReadableContent(document, salvage).known).compactMap { finding in
            let place = Place(path: path, mark: mark(of: finding.tokens[...], in: document))
            return places.contains(place) ? nil : diagnostic(finding, at: place)
        }
    }

    /// Of the innermost node on the way that is there.
    private static func mark(of tokens: ArraySlice<String>, in node: Node) -> Mark {
        guard let token = tokens.first else { return node.mark }
        let next: Node?
        switch node.content {
        case .mapping: next = node[token]
        case .sequence(let items): next = Int(token).flatMap { items.indices.contains($0) ? items[$0] : nil }
        case .scalar: next = nil
        }
        return next.map { mark(of: tokens.dropFirst(), in: $0) } ?? node.mark
    }
}
