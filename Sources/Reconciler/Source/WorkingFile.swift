import Apply
import Git
import Spec

/// One file on the disk. What it refers to stands in others, so that everything around it is read with it.
struct WorkingFile {
    private let directory: String
    private let path: String

    /// Nil for what is no regular file.
    init?(_ place: String) {
        guard let path = Paths.resolved(place), Paths.isFile(path), let slash = path.lastIndex(of: "/") else {
            return nil
        }
        self.path = path
        directory = slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The resources and problems of this file alone. Throws where it is not among what is read.
    func load(_ options: RepositoryOptions) throws -> LoadedCatalog {
        let source = try WorkingSource.around(directory, options)
        var loaded = try source.load().advised(spread: .threads)
        let root = source.snapshot.root == "/" ? "" : source.snapshot.root
        let name = String(path.dropFirst(root.utf8.count + 1))
        let isRead = loaded.files.contains { $0.path == name } || loaded.diagnostics.contains { $0.place.path == name }
        guard isRead else {
            throw CommandFailure(
                "\(name) is not among the manifests and what they include: see `exclude` in writ.yaml, and --path")
        }
        loaded.catalog = Catalog(loaded.catalog.resources.filter { $0.place.path == name })
        loaded.diagnostics = loaded.diagnostics.filter { $0.place.path == name }
        loaded.files = loaded.files.filter { $0.path == name }
        return loaded
    }
}
