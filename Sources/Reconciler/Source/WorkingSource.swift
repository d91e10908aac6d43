import Git
import Spec

/// The files on the disk: of a repository's working tree, or of any directory.
struct WorkingSource {
    let snapshot: WorkingTree
    let directory: String

    static func at(_ place: String, _ options: RepositoryOptions) throws -> WorkingSource {
        guard let root = Paths.resolved(place) else { throw CommandFailure("there is no directory `\(place)`") }
        guard let repository = try repository(around: root, options) else {
            return WorkingSource(snapshot: try WorkingTree(root: root), directory: options.directory)
        }
        guard let working = repository.workingDirectory else {
            throw CommandFailure(
                "\(place) is a bare repository, which has commits and no files: name a commit, as with `--rev HEAD`")
        }
        // A directory inside the repository: its manifests only, but {file: …} may reach the whole repository.
        let below = root.hasPrefix(working + "/") ? String(root.dropFirst(working.count + 1)) : ""
        let directory = [below, options.directory].filter { !$0.isEmpty }.joined(separator: "/")
        return WorkingSource(snapshot: try repository.workingTree(), directory: directory)
    }

    /// All that is read together with what lies in a directory: its whole repository, or the directory itself.
    static func around(_ place: String, _ options: RepositoryOptions) throws -> WorkingSource {
        guard let repository = try repository(around: place, options), repository.workingDirectory != nil else {
            return WorkingSource(snapshot: try WorkingTree(root: place), directory: options.directory)
        }
        return WorkingSource(snapshot: try repository.workingTree(), directory: options.directory)
    }

    func load() throws -> LoadedCatalog {
        try CatalogLoader(root: directory, zones: SystemZones.database, spread: .threads).load(snapshot)
    }

    /// Nil outside of any repository.
    private static func repository(around root: String, _ options: RepositoryOptions) throws -> Git.Repository? {
        do {
            return try RepositoryLocation(root).open(trustOwner: options.trustsOwner)
        } catch {
            if error.code == .noRepository { return nil }
            throw error
        }
    }
}
