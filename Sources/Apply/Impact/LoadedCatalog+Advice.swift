import Spec

extension LoadedCatalog {
    /// The same with what is unwise in the catalog as a whole, as plans tell it. Of one that is not valid nothing more is
    /// known: what is missing may be what is broken.
    package func advised(spread: Spread = .here) -> LoadedCatalog {
        guard isValid else { return self }
        var advised = self
        let graph = UseGraph(catalog, spread: spread)
        advised.diagnostics = (diagnostics + CatalogAdvice(catalog, graph).warnings).sorted()
        return advised
    }
}
