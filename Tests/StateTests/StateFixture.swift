import Spec
import State
import Synchronization
import TestSupport
import Values

/// A state in a directory of its own, with ids and times that are the same in every run.
final class StateFixture: Sendable {
    let directory: TemporaryDirectory
    let path: String
    let store: StateStore

    static let start = Instant(seconds: 1_767_225_600)

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path("writ/state.db")
        store = try Self.open(path)
    }

    var reader: StateReader { store.reader }

    static func open(_ path: String, command: String = "writ serve") throws -> StateStore {
        let seed = Mutex<UInt64>(0)
        let identifiers = IdentifierGenerator(
            now: { start.milliseconds },
            random: {
                seed.withLock { seed in
                    seed &+= 1
                    return seed
                }
            })
        return try StateStore.open(at: path, command: command, now: start, identifiers: identifiers)
    }

    /// The start, so many seconds later.
    static func at(_ seconds: Int64) -> Instant { Instant(seconds: start.seconds + seconds) }

    /// Applies a revision that creates the agents.
    @discardableResult
    func createAgents(_ names: String...) throws -> Revision {
        try store.apply(
            .test(names.map { ResourceChange(id: .agent($0), edit: .create(.test($0, "one"))) }))
    }

    /// A run of agent `brief` by trigger `morning`, unless told otherwise.
    func run(
        _ trigger: String? = "morning", agent: String = "brief", priority: Int = 0, maxAttempts: Int = 3,
        due: Int64 = 0
    ) -> NewRun {
        NewRun(
            trigger: trigger, target: .agent(agent), revision: 1, priority: priority, maxAttempts: maxAttempts,
            notBefore: Self.at(due))
    }

    /// Queues a run with an event of its own.
    func enqueue(_ run: NewRun, at now: Instant) throws -> String {
        guard case .accepted(_, let runs) = try store.accept(.test(), runs: [run]), let id = runs.first else {
            throw Missing()
        }
        return id
    }

    func claim(
        at seconds: Int64 = 0, owner: String = "one", limit: Int = 10, each: Int = 10
    ) throws -> [ClaimedRun] {
        try store.claim(
            now: Self.at(seconds), owner: owner, leaseFor: .seconds(60), limit: limit, concurrency: { _ in each })
    }

    func claimOne(at seconds: Int64 = 0, owner: String = "one") throws -> ClaimedRun {
        guard let run = try claim(at: seconds, owner: owner, limit: 1).first else { throw Missing() }
        return run
    }

    func state(of run: String) throws -> RunState? { try reader.run(run)?.state }
}

/// What a test needs is not there.
struct Missing: Error {}

extension JSON {
    /// A text that cannot be stored shorter.
    static func noise(_ count: Int) -> JSON {
        var random = SeededRandom(7)
        return .string(
            String((0..<count).map { _ in Character(Unicode.Scalar(UInt8.random(in: 0x30...0x5A, using: &random))) }))
    }
}

extension ResourceID {
    static func agent(_ name: String) -> ResourceID { ResourceID(kind: KindName(rawValue: "Agent"), name: name) }
}

extension ManifestVersion {
    static func test(_ name: String, _ description: String, line: Int = 1) -> ManifestVersion {
        ManifestVersion(
            manifest: [
                "kind": "Agent", "metadata": ["name": .string(name)], "spec": ["description": .string(description)],
            ],
            place: Place(path: "agents/\(name).yaml", mark: Mark(line: line, column: 1)))
    }
}

extension RevisionApplication {
    static func test(
        _ changes: [ResourceChange], commit: String = "c0ffee", at seconds: Int64 = 0
    ) -> RevisionApplication {
        RevisionApplication(
            commit: commit, branch: "main", planDigest: Digest(of: "plan".utf8), actor: "ada",
            at: StateFixture.at(seconds), changes: changes, summary: ["create": .number(JSONNumber(changes.count))])
    }
}

extension NewEvent {
    static func test(_ key: String? = nil, endpoint: String = "trigger/on-push", payload: JSON = ["n": 1]) -> NewEvent {
        NewEvent(
            endpoint: endpoint, dedupeKey: key, name: "push", source: "github", payload: payload,
            headers: ["x-github-event": "push"], receivedAt: StateFixture.start)
    }
}

extension Acceptance {
    var event: String {
        switch self {
        case .accepted(let event, _), .duplicate(let event, _): event
        }
    }
}

/// The code of the error that `body` throws; `nil` if it throws none.
func code(_ body: () throws -> Void) throws -> StateError.Code? {
    do {
        try body()
        return nil
    } catch let error as StateError {
        return error.code
    }
}
