import Foundation
import Git
import GRDB
import TestSupport
import Testing

/// A repository with two commits that differ in every resource, and the state that one of them is applied to in turn.
struct FlippingFleet {
    enum Side: Hashable {
        case one, two

        var other: Side { self == .one ? .two : .one }
    }

    /// What the state holds, as SQLite sees it.
    struct Recorded {
        var problems: [String] = []
        var revision = 0
        var commit = ""
        var resources = 0
        /// Kind, name and digest of everything in force.
        var digests: [String] = []
        /// Schedules and what they were made of.
        var cursors: [String] = []
        /// Changes that the last revision made.
        var changes = 0
        /// The last revision that was observed as applied.
        var observed = 0
    }

    private let fleet: Fleet
    private let commits: [Side: ObjectID]

    /// Bytes of the log that SQLite writes before it changes the state's own file.
    var logSize: Int {
        var status = stat()
        return stat(fleet.statePath + "-wal", &status) == 0 ? Int(status.st_size) : 0
    }

    init(resources: Int) throws {
        fleet = try Fleet()
        commits = [
            .one: try fleet.commit(Self.files(resources, "first"), "One"),
            .two: try fleet.commit(Self.files(resources, "second"), "Two"),
        ]
    }

    func start(_ side: Side) throws -> ChildProcess {
        try WritBinary.start(
            ["apply", "--quiet", "--allow-rewind", "--rev", commits[side]?.text ?? ""], in: fleet.repository.path)
    }

    func apply(_ side: Side) async throws -> Recorded {
        let process = try start(side)
        let status = try await process.wait()
        try #require(status == 0, "\(process.stderr)")
        let recorded = try recorded()
        try #require(recorded.problems.isEmpty, "\(recorded.problems)")
        return recorded
    }

    /// As another process sees it, beside the one that writes.
    func newestRevision() throws -> Int? {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: fleet.statePath, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in try Int.fetchOne(db, sql: "SELECT max(number) FROM revision") }
    }

    /// Read from a copy, so that the next apply finds the log as it was left.
    func recorded() throws -> Recorded {
        let copy = try TemporaryDirectory()
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: fleet.statePath + end) {
            try FileManager.default.copyItem(atPath: fleet.statePath + end, toPath: copy.path("state.db" + end))
        }
        let queue = try DatabaseQueue(path: copy.path("state.db"))
        defer { try? queue.close() }
        return try queue.read { db in
            var recorded = Recorded()
            let check = try String.fetchAll(db, sql: "PRAGMA integrity_check")
            recorded.problems = check == ["ok"] ? [] : check
            recorded.problems += try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map(\.description)
            recorded.revision = try Int.fetchOne(db, sql: "SELECT max(number) FROM revision") ?? 0
            recorded.commit =
                try String.fetchOne(db, sql: "SELECT commit_id FROM revision ORDER BY number DESC LIMIT 1") ?? ""
            recorded.digests = try String.fetchAll(
                db,
                sql: """
                    SELECT kind || '/' || name || ' ' || digest FROM resource_version WHERE to_revision IS NULL
                    ORDER BY kind, name
                    """)
            recorded.resources = recorded.digests.count
            recorded.cursors = try String.fetchAll(
                db, sql: "SELECT trigger_name || ' ' || spec_digest FROM schedule_cursor ORDER BY trigger_name")
            recorded.changes =
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM revision_change WHERE revision >= ?",
                    arguments: [recorded.revision]) ?? 0
            recorded.observed =
                try Int.fetchOne(db, sql: "SELECT max(revision) FROM observation WHERE outcome = 'applied'") ?? 0
            return recorded
        }
    }

    /// Tools, agents and triggers, a hundred a file.
    private static func files(_ resources: Int, _ word: String) -> [String: String?] {
        let minute = word == "first" ? 10 : 40
        var files: [String: String?] = [:]
        for start in stride(from: 1, to: resources, by: 100) {
            let documents = (start..<min(start + 100, resources)).map { number -> String in
                switch number % 3 {
                case 1:
                    return manifest(
                        "Agent", "agent-\(number)",
                        "description: The \(word) \(number).\n  model: {provider: main, name: small}\n"
                            + "  systemPrompt: You are the \(word) agent of archive \(number).")
                case 2:
                    return manifest(
                        "Trigger", "trigger-\(number)",
                        "agent: agent-\(number - 1)\n  schedule: {cron: '\(minute) \(number % 24) * * *'}")
                default:
                    return manifest(
                        "Tool", "tool-\(number)",
                        "description: Searches the \(word) archive \(number).\n"
                            + "  http: {url: 'https://archive.example.com/\(number)'}")
                }
            }
            files["manifests/\(start).yaml"] = documents.joined(separator: "---\n")
        }
        files["provider.yaml"] = manifest("Provider", "main", "type: openai\n  timeout: \(minute)s")
        return files
    }

    private static func manifest(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: writ/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec:\n  \(spec)\n"
    }
}
