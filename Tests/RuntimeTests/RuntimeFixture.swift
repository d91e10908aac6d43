import Apply
import Foundation
import Logging
import Runtime
import Spec
import State
import TestSupport
import Values

/// A state with an applied configuration and a clock that stands.
final class RuntimeFixture: Sendable {
    let directory: TemporaryDirectory
    let path: String
    let store: StateStore
    let catalogs: AppliedCatalog
    let clock: ManualClock
    let metrics = RuntimeMetrics()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// 2026-01-01T00:00:00Z
    static let start = Instant(seconds: 1_767_225_600)
    static let zones = ZoneDatabase { name in
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map(Array.init)
    }

    /// - Parameter manifests: what is applied at the start, at which new schedules begin
    init(_ manifests: String, now: Instant = start) throws {
        directory = try TemporaryDirectory()
        path = directory.path("state.db")
        clock = ManualClock(now)
        store = try Self.open(path, now)
        catalogs = AppliedCatalog(store.reader) { [clock] in clock.now() }
        try apply(manifests)
    }

    /// Goes on with the state of another one, as a new process does.
    init(restarting old: RuntimeFixture, now: Instant) throws {
        try old.store.close()
        directory = old.directory
        path = old.path
        clock = ManualClock(now)
        store = try Self.open(path, now)
        catalogs = AppliedCatalog(store.reader) { [clock] in clock.now() }
    }

    private static func open(_ path: String, _ now: Instant) throws -> StateStore {
        try StateStore.open(
            at: path, command: "writ serve", now: now,
            identifiers: IdentifierGenerator(now: { now.milliseconds }, random: { .random(in: .min ... .max) }))
    }

    var reader: StateReader { store.reader }

    /// Applies a configuration as `writ apply` does: what is not in it goes.
    @discardableResult
    func apply(_ manifests: String) throws -> Revision {
        let loaded = try CatalogLoader(zones: Self.zones).load(MemorySnapshot(["all.yaml": manifests]))
        guard loaded.isValid else { throw Invalid(description: "\(loaded.diagnostics)") }
        let applied = try reader.appliedState()
        let now = clock.now()
        let plan = Planner(zones: Self.zones).plan(
            loaded.catalog, commit: "c0ffee", applied: applied.catalog, basis: applied.basis, asOf: now,
            brakes: Brakes(allowedDeletes: Array(1...100)))
        let outcome = try Applier(store, zones: Self.zones).apply(
            plan, commit: "c0ffee", branch: nil, actor: "test", at: now)
        guard case .applied(let revision) = outcome else { throw Invalid(description: "nothing changed") }
        return revision
    }

    /// All runs, oldest first.
    func runs(_ filter: RunFilter = RunFilter()) throws -> [Run] {
        try reader.runs(Page(limit: 500), filter).items.reversed()
    }

    func runs(_ state: RunState) throws -> [Run] { try runs(RunFilter(state: state)) }

    /// `08:30` for runs of today.
    func times(_ state: RunState) throws -> [String] {
        try runs(state).compactMap { $0.scheduledAt?.rfc3339.dropFirst(11).prefix(5) }.map(String.init)
    }

    /// A provider, agents and whatever else is given.
    static func manifests(agents: [String] = ["brief"], _ more: String...) -> String {
        let provider = """
            apiVersion: writ/v1
            kind: Provider
            metadata: {name: recorded}
            spec: {type: openai, apiKey: {env: KEY}}
            """
        let all = agents.map { name in
            """
            apiVersion: writ/v1
            kind: Agent
            metadata: {name: \(name)}
            spec:
              model: {provider: recorded, name: model}
              systemPrompt: Be brief.
              limits: {concurrency: 2}
            """
        }
        return ([provider] + all + more).joined(separator: "\n---\n")
    }

    static func trigger(_ name: String, agent: String = "brief", _ spec: String) -> String {
        """
        apiVersion: writ/v1
        kind: Trigger
        metadata: {name: \(name)}
        spec:
          agent: \(agent)
        \(spec.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        """
    }
}

struct Invalid: Error, CustomStringConvertible {
    let description: String
}

extension Instant {
    /// On 2026-01-01 UTC, or at any RFC 3339 time.
    static func at(_ text: String) -> Instant {
        let full = text.contains("T") ? text : "2026-01-01T\(text)Z"
        return Instant(rfc3339: full) ?? Instant(milliseconds: 0)
    }
}

func fixture(_ name: String) throws -> [UInt8] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
    return Array(try Data(contentsOf: url))
}
