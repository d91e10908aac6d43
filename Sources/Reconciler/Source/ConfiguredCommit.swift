import Apply
import Git
import Spec

/// One commit of the configuration repository, read by the other process as far as somebody asks.
struct ConfiguredCommit: CommitSource {
    let configuration: Configuration
    let commit: ObjectID
    /// Is given the catalog of a valid commit as soon as all of it is read.
    var onLoad: (Catalog) -> Void = { _ in }

    func load() throws -> LoadedCatalog {
        let loaded = try configuration.load(commit)
        if loaded.isValid { onLoad(loaded.catalog) }
        return loaded
    }

    func changes(since commit: String) throws -> [SnapshotChange]? {
        guard let base = ObjectID(commit) else { return nil }
        do {
            return try configuration.repository.changes(from: base, to: self.commit, below: configuration.directory)
        } catch is GitError {
            // The commit may be gone, or too much changed to be compared: a full reading tells what is wrong, if anything.
            return nil
        }
    }

    func read(_ paths: [String]) throws -> LoadedFiles {
        try configuration.repository.read(paths, of: commit, below: configuration.directory)
    }
}
