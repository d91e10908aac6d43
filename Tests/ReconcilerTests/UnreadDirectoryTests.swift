import Foundation
import Git
import TestSupport
import Testing
import Values

@Suite("A directory of manifests that is none any more")
struct UnreadDirectoryTests {
    private static let provider = """
        apiVersion: writ/v1
        kind: Provider
        metadata: {name: main}
        spec: {type: openai, apiKey: {env: KEY}}
        """
    private static let agent = """
        apiVersion: writ/v1
        kind: Agent
        metadata: {name: brief}
        spec:
          model: {provider: main, name: small}
          systemPrompt: You are brief.
        """

    /// A commit in which `team` is something else than a directory.
    private func commit(_ fleet: Fleet, mode: String, settings: String = "", _ others: [String: String] = [:]) throws
        -> ObjectID
    {
        let repository = fleet.repository
        let files = others.merging(["provider.yaml": Self.provider, "writ.yaml": settings]) { own, _ in own }
        let target = try repository.writeBlob(".elsewhere")
        var entries = try files.mapValues { ("100644", try repository.writeBlob($0)) }
        entries["team"] = (mode, target)
        let tree = try repository.writeTree(
            entries.sorted { $0.key < $1.key }.map { RawEntry($0.value.0, $0.key, $0.value.1) })
        let parent = try repository.repository.resolve("main")
        return try repository.writeCommit(tree: tree, parents: [parent])
    }

    private func applied(_ settings: String = "") async throws -> Fleet {
        let fleet = try Fleet([
            "provider.yaml": Self.provider, "team/brief.yaml": Self.agent, "writ.yaml": settings,
        ])
        _ = try await fleet.json("apply")
        return fleet
    }

    @Test(
        "What stood below it is not taken for deleted (DESIGN.md rule 3, faults B43, B44)",
        arguments: [("120000", "a symbolic link"), ("160000", "a submodule")])
    func isRefused(_ mode: String, _ what: String) async throws {
        let fleet = try await applied()
        let commit = try commit(fleet, mode: mode)
        for arguments in [["plan"], ["plan", "--full"], ["apply"]] {
            let result = try await fleet.writ(arguments + ["--rev", commit.text])
            #expect(result.status == 1, "\(result)")
            let text = "team:1:1: error: this is \(what) now, and Agent/brief stood below it: what cannot be read"
            #expect((result.stdout + result.stderr).contains(text), "\(result)")
        }
        let diff = try await fleet.writ("diff", "main..\(commit.text)")
        #expect(diff.status == 1 && (diff.stdout + diff.stderr).contains("Agent/brief stood below it"), "\(diff)")
        #expect(try await fleet.json("get", "agents")["items"]?.array?.count == 1)
    }

    @Test("With `apply: perResource` it keeps its last good version, and the rest is applied")
    func isKept() async throws {
        let settings = "apply: perResource\n"
        let fleet = try await applied(settings)
        let commit = try commit(
            fleet, mode: "120000", settings: settings,
            ["tool.yaml": Self.provider.replacingOccurrences(of: "name: main", with: "name: other")])
        let result = try await fleet.writ("apply", "--rev", commit.text)
        #expect(result.status == 1, "\(result)")
        #expect(try await fleet.json("get", "providers")["items"]?.array?.count == 2)
        let conditions = try await fleet.json("get", "agent", "brief")["items"]?[0]?.value(atPath: "status.conditions")
        let stale = conditions?.array?.first { $0["type"] == "Stale" }
        #expect(stale?["status"] == "True", "\(String(describing: conditions))")
    }

    @Test("What moved elsewhere is where it is, and the link is told of")
    func isElsewhere() async throws {
        let fleet = try await applied()
        let commit = try commit(fleet, mode: "120000", ["brief.yaml": Self.agent])
        let result = try await fleet.writ("apply", "--rev", commit.text)
        #expect(result.status == 0, "\(result)")
        #expect(try await fleet.json("get", "agents")["items"]?.array?.count == 1)
    }
}
