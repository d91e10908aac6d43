import TestSupport
import Testing
import Values

/// What a commit says of the repository itself is in force from the next commit on.
@Suite("Settings of the repository")
struct GoverningSettingsTests {
    private func user(_ name: String) -> String {
        "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {displayName: Somebody}\n"
    }

    @Test("Pruning that a commit turns on again begins with the next one, however often it is applied (fault C68)")
    func pruning() async throws {
        let fleet = try Fleet(["writ.yaml": "prune: false\n", "a.yaml": user("a"), "b.yaml": user("b")])
        _ = try await fleet.json("apply")
        try fleet.commit(["a.yaml": nil])
        _ = try await fleet.json("apply")
        try fleet.commit(["writ.yaml": nil])
        for _ in 0..<2 {
            let plan = try await fleet.json("plan")
            #expect(plan["summary"]?["delete"]?.int == 0, "\(plan)")
            #expect(plan["kept"]?[0]?["name"] == "a")
            #expect(try await fleet.json("apply")["revision"]?.int == 1)
        }
        #expect(try await fleet.json("plan", "--full")["summary"]?["delete"]?.int == 0)
        try fleet.commit(["b.yaml": user("b") + "\n# Later\n"])
        #expect(try await fleet.json("apply")["summary"]?["delete"]?.int == 1)
    }

    @Test("A commit that asks for signatures is itself judged by what was asked before, also the second time")
    func signatures() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada")])
        _ = try await fleet.json("apply")
        try fleet.commit(["writ.yaml": "verify: {mode: head, keys: ['\(try TestSigner(1).publicKey)']}\n"])
        for _ in 0..<2 {
            let applied = try await fleet.writ("apply")
            #expect(applied.status == 0, "\(applied)")
            #expect(try await fleet.json("plan")["hindrance"] == nil)
        }
        try fleet.commit(["eve.yaml": user("eve")])
        let refused = try await fleet.writ("apply")
        #expect(refused.status == 1 && refused.stderr.contains("it is not signed"), "\(refused)")
    }
}
