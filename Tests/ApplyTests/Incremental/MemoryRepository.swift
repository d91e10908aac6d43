import Apply
import Foundation
import Spec
import TestSupport
import Values

/// Commits in memory, which count how they are read.
final class MemoryRepository {
    static let zones = ZoneDatabase { name in
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map { Array($0) }
    }

    private var commits: [String: MemorySnapshot] = [:]
    private(set) var loads = 0
    /// Paths of all partial readings since the last question.
    var readPaths: [String] = []
    var isForgetful = false

    func commit(_ snapshot: MemorySnapshot) -> String {
        let id = String(format: "%040x", commits.count + 1)
        commits[id] = snapshot
        return id
    }

    func source(_ commit: String) -> any CommitSource { Source(repository: self, commit: commit) }

    private struct Source: CommitSource {
        let repository: MemoryRepository
        let commit: String

        private var snapshot: MemorySnapshot { repository.commits[commit] ?? MemorySnapshot() }
        private var loader: CatalogLoader { CatalogLoader(zones: MemoryRepository.zones) }

        func load() throws -> LoadedCatalog {
            repository.loads += 1
            return try loader.load(snapshot)
        }

        func changes(since commit: String) throws -> [SnapshotChange]? {
            guard !repository.isForgetful, let before = repository.commits[commit] else { return nil }
            func entries(_ snapshot: MemorySnapshot) throws -> [String: SnapshotEntry] {
                Dictionary(uniqueKeysWithValues: (try snapshot.entries(below: "") ?? []).map { ($0.path, $0) })
            }
            let old = try entries(before)
            let new = try entries(snapshot)
            return Set(old.keys).union(new.keys).sorted().compactMap { path in
                old[path] == new[path] ? nil : SnapshotChange(path: path, old: old[path], new: new[path])
            }
        }

        func read(_ paths: [String]) throws -> LoadedFiles {
            repository.readPaths += paths
            return try loader.read(paths, of: snapshot)
        }
    }
}
