import Apply
import Git
import Spec

/// One commit of the configuration repository, read by the other process as far as somebody asks.
struct ConfiguredCommit: CommitSource {
    let configuration: Configuration
    let commit: ObjectID

    func load() throws -> LoadedCatalog { try configuration.load(commit) }

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
