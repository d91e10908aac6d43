import Foundation
import GRDB
import Git
import TestSupport
import Testing
import Values

@Suite("A plan costs what changed")
struct IncrementalReadingTests {
    private func user(_ name: String, _ role: String = "viewer") -> String {
        "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {role: \(role)}\n"
    }

    /// The loose object of a file's content.
    private func object(_ fleet: Fleet, _ text: String) throws -> String {
        let id = try ObjectID.ofBlob(Array(text.utf8)).text
        return fleet.repository.directory.path(".git/objects/\(id.prefix(2))/\(id.dropFirst(2))")
    }

    @Test("Files that did not change are not read: their objects may even be gone")
    func unchangedFiles() async throws {
        let fleet = try Fleet(["a/one.yaml": user("one"), "b/two.yaml": user("two")])
        _ = try await fleet.json("apply")
        try fleet.commit(["a/one.yaml": user("one", "admin")])
        let whole = try await fleet.writ("plan", "--at", "2026-01-01T00:00:00Z", "--full", "-o", "json")
        try FileManager.default.removeItem(atPath: object(fleet, user("two")))
        let part = try await fleet.writ("plan", "--at", "2026-01-01T00:00:00Z", "-o", "json")
        #expect(part.status == 0, "\(part)")
        #expect(part.stdout == whole.stdout)
        let full = try await fleet.writ("plan", "--full")
        #expect(full.status == 1, "\(full)")
        #expect(try await fleet.json("apply")["revision"]?.int == 2)
    }

    @Test("A head that is known already costs a look at a reference: the objects may even be gone")
    func unchangedHead() async throws {
        let fleet = try Fleet(["one.yaml": user("one")])
        _ = try await fleet.json("apply")
        try fleet.commit(["README.md": "Changes no resource."])
        _ = try await fleet.json("apply")
        try FileManager.default.removeItem(atPath: fleet.repository.directory.path(".git/objects"))
        for arguments in [["plan"], ["plan", "--rev", "main"], ["apply"]] {
            let result = try await fleet.writ(arguments)
            #expect(result.status == 0, "\(result)")
            #expect(result.stdout.contains("No changes"), "\(result)")
        }
        #expect(try await fleet.writ("plan", "--full").status == 1)
        #expect(try await fleet.writ("plan", "--rev", "nowhere").status == 1)
    }

    @Test("A changed prompt file plans the agents that include it, and nothing else")
    func includedFile() async throws {
        func agent(_ name: String, _ file: String) -> String {
            "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: \(name)}\nspec:\n"
                + "  model: {provider: p, name: m}\n  systemPrompt: {file: ../\(file)}\n"
        }
        let fleet = try Fleet([
            "p.yaml": "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: p}\nspec: {type: ollama}\n",
            "agents/a.yaml": agent("a", "one.md"), "agents/b.yaml": agent("b", "one.md"),
            "agents/c.yaml": agent("c", "two.md"), "one.md": "One", "two.md": "Two",
        ])
        _ = try await fleet.json("apply")
        try fleet.commit(["one.md": "Changed"])
        try FileManager.default.removeItem(atPath: object(fleet, agent("c", "two.md")))
        let plan = try await fleet.json("plan")
        #expect(plan["changes"]?.array?.compactMap { $0["name"]?.string } == ["a", "b"])
        #expect(plan["summary"]?["unchanged"]?.int == 2)
    }

    @Test("A tool that an unchanged agent uses cannot be deleted unnoticed")
    func danglingReference() async throws {
        let look =
            "apiVersion: writ/v1\nkind: Tool\nmetadata: {name: look}\nspec:\n"
            + "  description: Looks\n  http: {url: 'https://example.com'}\n"
        let fleet = try Fleet([
            "p.yaml": "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: p}\nspec: {type: ollama}\n",
            "a.yaml": "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: a}\nspec:\n"
                + "  model: {provider: p, name: m}\n  systemPrompt: Hello\n  tools: [look]\n",
            "look.yaml": look,
        ])
        _ = try await fleet.json("apply")
        try fleet.commit(["look.yaml": nil])
        let plan = try await fleet.writ("plan")
        #expect(plan.status == 1)
        #expect(plan.stdout.contains("a.yaml:7:11: error: there is no Tool named `look`"), "\(plan)")

        // Also where somebody took the reference out of the record by hand.
        let queue = try DatabaseQueue(path: fleet.statePath)
        try await queue.write { try $0.execute(sql: "DELETE FROM resource_reference") }
        try queue.close()
        let altered = try await fleet.writ("plan")
        #expect(altered.status == 1 && altered.stdout == plan.stdout, "\(altered)")
        let doctor = try await fleet.writ("doctor")
        #expect(doctor.stdout.contains("record: the record of the files was changed behind writ's back"), "\(doctor)")
        try fleet.commit(["look.yaml": look])
        #expect(try await fleet.writ("apply").status == 0)
        let mended = try await fleet.writ("doctor")
        #expect(!mended.stdout.contains("record of the files"), "\(mended)")

        // Or put something into it.
        let again = try DatabaseQueue(path: fleet.statePath)
        try await again.write { db in
            try db.execute(
                sql: """
                    INSERT INTO source_file (path, role, blob, size, declares, includes, diagnostics, each_time)
                    VALUES ('z.yaml', 'manifest', '', 0, '[]', '[]', '[{"severity": "warning", "code": "not-active",
                        "message": "made up", "path": "z.yaml", "line": 1, "column": 1}]', 0)
                    """)
        }
        try again.close()
        #expect(try await !fleet.writ("plan").stdout.contains("made up"))
        #expect(try await fleet.writ("doctor").stdout.contains("changed behind writ's back: source_file"))
        #expect(try await fleet.writ("apply").status == 0)
        #expect(try await !fleet.writ("doctor").stdout.contains("record of the files"))
        try fleet.commit(["look.yaml": nil])
        #expect(try await fleet.writ("plan").status == 1)
    }
}
