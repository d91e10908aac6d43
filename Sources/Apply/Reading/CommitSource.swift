import Spec

/// The files of one commit, read as far as somebody asks.
package protocol CommitSource {
    /// Everything below the configured directory.
    func load() throws -> LoadedCatalog

    /// What differs in the whole repository since another commit, hidden files left out; `nil` where that cannot be told
    /// or is too much to be worth it.
    func changes(since commit: String) throws -> [SnapshotChange]?

    /// Some of the files.
    func read(_ paths: [String]) throws -> LoadedFiles
}
