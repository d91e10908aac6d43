import Foundation
import Spec
import State
import Values

/// A new state in a directory of its own, as `writ serve` opens it: synchronous=FULL, one writer.
struct BenchmarkState {
    let store: StateStore
    private let directory: URL

    /// - Parameter place: where disks are measured; the system's temporary directory without it
    init(place: String? = ProcessInfo.processInfo.environment["BENCH_DIR"]) throws {
        let parent = place.map { URL(fileURLWithPath: $0) } ?? FileManager.default.temporaryDirectory
        try self.init(
            directory: parent.appendingPathComponent("writ-bench-\(ProcessInfo.processInfo.processIdentifier)"))
    }

    /// - Parameter directory: made unless it is there, with the state of an earlier process
    init(directory: URL) throws {
        self.directory = directory
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        store = try StateStore.open(
            at: directory.appendingPathComponent("state.db").path, command: "bench", now: Self.now(),
            identifiers: IdentifierGenerator(
                now: { Self.now().milliseconds }, random: { UInt64.random(in: .min ... .max) }))
    }

    func remove() {
        try? store.close()
        try? FileManager.default.removeItem(at: directory)
    }

    static func now() -> Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

    static let zones = ZoneDatabase { name in
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map { Array($0) }
    }

    func apply(
        _ manifests: [JSON], cursors: [ScheduleCursor] = [], upcoming: [String: UpcomingInstant] = [:]
    ) throws {
        let changes = manifests.map { manifest in
            ResourceChange(
                id: ResourceID(
                    kind: KindName(rawValue: manifest["kind"]?.string ?? ""),
                    name: manifest["metadata"]?["name"]?.string ?? ""),
                edit: .create(
                    ManifestVersion(
                        manifest: manifest, place: Place(path: "all.yaml", mark: Mark(line: 1, column: 1)))),
                reason: "new")
        }
        _ = try store.apply(
            RevisionApplication(
                commit: String(repeating: "0", count: 40), branch: "main", planDigest: Digest(of: "plan".utf8),
                actor: "bench", at: Self.now(), changes: changes, cursors: cursors, upcoming: upcoming))
    }

    static func manifest(_ kind: String, _ name: String, _ spec: JSON) -> JSON {
        ["apiVersion": "writ/v1", "kind": .string(kind), "metadata": ["name": .string(name)], "spec": spec]
    }

    static let provider = manifest("Provider", "openai", ["type": "openai", "apiKey": ["env": "KEY"]])

    static func agent(_ name: String) -> JSON {
        manifest(
            "Agent", name,
            [
                "model": ["provider": "openai", "name": "gpt-4.1-mini"], "systemPrompt": "Be brief.",
                "limits": ["queue": 100_000_000],
            ])
    }
}
