import Spec

extension LoadedCatalog {
    /// The same, where what stood below a path that is a link or a submodule now is not taken for deleted: nobody read what
    /// is there, and nothing is deleted because it could not be read (DESIGN.md rule 3).
    ///
    /// - Parameter applied: what is in force, or stands in the base of a diff
    package func refusingUnread(_ applied: Catalog) -> LoadedCatalog {
        let unread = files.indices.filter { files[$0].role == .unread }
        guard !unread.isEmpty else { return self }
        let gone = applied.resources.filter { !catalog.contains($0.id) }
        var loaded = self
        for index in unread {
            let path = files[index].path
            let hidden = gone.filter { $0.place.path.hasPrefix(path + "/") }.map(\.id).sorted()
            guard let first = hidden.first else { continue }
            let more = hidden.count > 1 ? " and \(hidden.count - 1) more" : ""
            let told = files[index].diagnostics
            let why = told.first.map { $0.code == .submodule ? "a submodule" : "a symbolic link" } ?? "not read"
            let error = Diagnostic(
                .error, told.first?.code ?? .symbolicLink,
                "this is \(why) now, and \(first)\(more) stood below it: what cannot be read is not taken for deleted",
                at: Place(path: path, mark: .start),
                fix: "put the files themselves here; to delete what they declared, remove this or exclude it"
            )
            loaded.files[index].diagnostics = [error]
            loaded.files[index].hidesNames = true
            loaded.diagnostics.removeAll { told.contains($0) }
            loaded.diagnostics.append(error)
        }
        loaded.diagnostics.sort()
        return loaded
    }
}

extension SourceDelta {
    /// Whether manifests stood below a path that is a link or a submodule now.
    var hidesManifests: Bool {
        let links = loaded.files.filter { $0.role == .unread }.map { $0.path + "/" }
        guard !links.isEmpty else { return false }
        return previous.values.contains { file in
            !file.declares.isEmpty && links.contains { file.path.hasPrefix($0) }
        }
    }
}
