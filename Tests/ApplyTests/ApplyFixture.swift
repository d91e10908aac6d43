import Apply
import Foundation
import Spec
import State
import Synchronization
import TestSupport
import Testing
import Values

/// A state in a directory of its own, and repositories that are planned and applied to it.
struct ApplyFixture {
    static let start = Instant(seconds: 1_767_225_600)
    static let planner = Planner(zones: zones)
    static let zones = ZoneDatabase { name in
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map { Array($0) }
    }

    let store: StateStore
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let seed = Mutex<UInt64>(0)
        let identifiers = IdentifierGenerator(
            now: { Self.start.milliseconds },
            random: {
                seed.withLock { seed in
                    seed &+= 1
                    return seed
                }
            })
        store = try StateStore.open(
            at: directory.path("writ/state.db"), command: "writ apply", now: Self.start, identifiers: identifiers)
    }

    func plan(_ files: [String: String], commit: String? = "c0ffee", at seconds: Int64 = 0) throws -> Plan {
        let applied = try store.reader.appliedState()
        return Self.planner.plan(
            try Self.catalog(files), commit: commit, applied: applied.catalog, basis: applied.basis,
            asOf: Instant(seconds: Self.start.seconds + seconds), brakes: Self.released)
    }

    /// Whatever is deleted: what needs a word is a matter of `GuardTests`.
    private static let released = Brakes(allowedDeletes: Array(1...100))

    @discardableResult
    func apply(_ plan: Plan, commit: String = "c0ffee", at seconds: Int64 = 0) throws -> Applier.Outcome {
        try Applier(store, zones: Self.zones).apply(
            plan, commit: commit, branch: "main", actor: "ada", at: Instant(seconds: Self.start.seconds + seconds))
    }

    @discardableResult
    func apply(_ files: [String: String], at seconds: Int64 = 0) throws -> Applier.Outcome {
        try apply(try plan(files, at: seconds), at: seconds)
    }

    /// The catalog of files that must be without errors.
    static func catalog(_ files: [String: String]) throws -> Catalog {
        if files.isEmpty { return Catalog([]) }
        let loaded = try CatalogLoader(zones: zones).load(MemorySnapshot(files))
        try #require(loaded.isValid, "\(loaded.diagnostics.map(\.text).joined(separator: "\n"))")
        return loaded.catalog
    }
}

extension Plan {
    /// `create User/a`, in order.
    var summary: [String] { changes.map { "\($0.action.rawValue) \($0.id)" } }
}

extension Applier.Outcome {
    /// The number of the revision that was made.
    var revision: Int? {
        if case .applied(let revision) = self { revision.number } else { nil }
    }
}

/// A manifest's text; `spec` is YAML in flow form or indented lines.
func manifest(_ kind: String, _ name: String, _ spec: String) -> String {
    "apiVersion: writ/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec:\n"
        + spec.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }.joined()
}

func user(_ name: String, _ spec: String = "role: viewer") -> String { manifest("User", name, spec) }
