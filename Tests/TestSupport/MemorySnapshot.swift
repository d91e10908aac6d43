import Git
import Spec

/// Files in memory, by path. Directories are where files are.
package struct MemorySnapshot: Snapshot {
    package var files: [String: [UInt8]]
    package var symbolicLinks: Set<String> = []
    package var submodules: Set<String> = []

    package init(_ files: [String: String] = [:]) {
        self.files = files.mapValues { Array($0.utf8) }
    }

    package init(bytes files: [String: [UInt8]]) { self.files = files }

    package func entries(below directory: String) throws -> [SnapshotEntry]? {
        let root = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        let prefix = root.isEmpty ? "" : root + "/"
        let below = paths.filter { $0.hasPrefix(prefix) }
        if below.isEmpty, !root.isEmpty { return nil }
        let visible = below.filter { path in
            !path.dropFirst(prefix.count).split(separator: "/").contains { $0.hasPrefix(".") }
        }
        return try visible.compactMap { try entry(at: $0) }
    }

    package func entry(at path: String) throws -> SnapshotEntry? {
        let none = ObjectID.zero.text
        if symbolicLinks.contains(path) { return SnapshotEntry(path: path, kind: .symbolicLink, blob: none, size: 0) }
        if submodules.contains(path) { return SnapshotEntry(path: path, kind: .submodule, blob: none, size: 0) }
        guard let bytes = files[path] else { return nil }
        return SnapshotEntry(path: path, blob: try ObjectID.ofBlob(bytes).text, size: bytes.count)
    }

    package func contents(of entry: SnapshotEntry, limit: Int) throws -> [UInt8] {
        guard let bytes = files[entry.path] else { throw GitError(.notFound, "\(entry.path) is no file") }
        guard bytes.count <= limit else {
            throw GitError(.tooLarge, "\(entry.path) has \(bytes.count) bytes, the limit is \(limit)")
        }
        return bytes
    }

    private var paths: [String] {
        (Array(files.keys) + symbolicLinks + submodules).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
