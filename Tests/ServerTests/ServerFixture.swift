import Foundation
import Server
import Spec
import State
import Synchronization
import TestSupport
import Values

/// A recorded state with a few resources, runs and events, for the server to show.
final class ServerFixture: Sendable {
    static let start = Instant(seconds: 1_767_225_600)
    static let commit = "0123456789abcdef0123456789abcdef01234567"

    let directory: TemporaryDirectory
    let store: StateStore

    var reader: StateReader { store.reader }

    var statePath: String { directory.path("state.db") }

    /// The clock of the page: a minute after everything happened.
    var source: StateSource {
        StateSource(reader: reader, zones: Self.zones, now: { Self.at(60) })
    }

    init() throws {
        directory = try TemporaryDirectory()
        let count = Mutex<UInt64>(0)
        let identifiers = IdentifierGenerator(
            now: { Self.start.milliseconds },
            random: {
                count.withLock { count in
                    count &+= 1
                    return count
                }
            })
        store = try StateStore.open(
            at: directory.path("state.db"), command: "writ serve", now: Self.start, identifiers: identifiers)
    }

    static func at(_ seconds: Int64) -> Instant { Instant(seconds: start.seconds + seconds) }

    static let zones = ZoneDatabase { name in
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map { Array($0) }
    }

    @discardableResult
    func apply(
        _ manifests: [JSON], commit: String = ServerFixture.commit, cursors: [ScheduleCursor] = []
    ) throws -> Revision {
        let changes = manifests.map { manifest in
            let kind = manifest["kind"]?.string ?? ""
            let name = manifest["metadata"]?["name"]?.string ?? ""
            return ResourceChange(
                id: ResourceID(kind: KindName(rawValue: kind), name: name),
                edit: .create(
                    ManifestVersion(
                        manifest: manifest, place: Place(path: "all/\(name).yaml", mark: Mark(line: 3, column: 1)))),
                reason: "new")
        }
        return try store.apply(
            RevisionApplication(
                commit: commit, branch: "main", planDigest: Digest(of: "plan".utf8), actor: "ada", at: Self.start,
                changes: changes, summary: ["create": .number(JSONNumber(changes.count))], cursors: cursors))
    }

    /// One agent `brief`, its trigger `morning` and an agent `rest` that is suspended.
    func applyUsual() throws {
        try apply(
            [.agent("brief"), .agent("rest", suspend: true), .schedule("morning", agent: "brief")],
            cursors: [ScheduleCursor(trigger: "morning", instant: Self.start, specDigest: Digest(of: "spec".utf8))])
    }

    /// A run that ended, with one step.
    @discardableResult
    func finishedRun(
        _ output: String = "All is well.", agent: String = "brief", trigger: String? = "morning",
        end: RunOutcome.End = .succeeded, error: String? = nil, deliver channel: String? = nil
    ) throws -> String {
        let event = NewEvent(
            endpoint: "trigger/morning", name: "schedule", source: "schedule", payload: ["n": 1],
            receivedAt: Self.start)
        let run = NewRun(trigger: trigger, target: .agent(agent), revision: 1, notBefore: Self.start)
        guard case .accepted(_, let ids) = try store.accept(event, runs: [run]), let id = ids.first else {
            throw Missing()
        }
        let claimed = try store.claim(
            now: Self.start, owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 10 })
        guard let lease = claimed.first?.lease else { throw Missing() }
        try store.record(
            Step(
                number: 1, kind: .model, name: "replay", startedAt: Self.start, finishedAt: Self.at(2), tokensIn: 1_200,
                tokensOut: 34, request: ["messages": []], response: ["text": .string(output)]), of: lease)
        let outcome = RunOutcome(
            end, output: end == .succeeded ? output : nil, error: error,
            usage: RunUsage(tokensIn: 1_200, tokensOut: 34, model: "replay"))
        let deliveries = channel.map { [NewDelivery(channel: $0, body: [:], notBefore: Self.at(90))] } ?? []
        try store.complete(lease, outcome, at: Self.at(2)) { _ in deliveries }
        return id
    }
}

/// What a test needs is not there.
struct Missing: Error {}

extension JSON {
    static func manifest(_ kind: String, _ name: String, _ spec: JSON) -> JSON {
        ["apiVersion": "writ/v1", "kind": .string(kind), "metadata": ["name": .string(name)], "spec": spec]
    }

    static func agent(_ name: String, suspend: Bool = false) -> JSON {
        var spec: JSONMembers = [
            "model": ["provider": "replay", "name": "replay"], "systemPrompt": "Be brief.",
        ]
        if suspend { spec["suspend"] = true }
        return manifest("Agent", name, .object(spec))
    }

    static func schedule(_ name: String, agent: String) -> JSON {
        manifest(
            "Trigger", name,
            ["agent": .string(agent), "schedule": ["cron": "0 9 * * *", "timeZone": "Europe/Berlin"]])
    }
}
