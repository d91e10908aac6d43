import Foundation
import Git
import TestSupport
import Testing
import Values

@Suite("Applying what is applied")
struct UnchangedApplyTests {
    private func applied() async throws -> Fleet {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        return fleet
    }

    @Test("It writes nothing, and says so")
    func writesNothing() async throws {
        let fleet = try await applied()
        let before = try fleet.stateBytes()
        let result = try await fleet.writ("apply")
        #expect(result.status == 0, "\(result)")
        #expect(result.stdout.hasPrefix("No changes: revision 1 is what commit "), "\(result)")
        #expect(try fleet.stateBytes() == before)
    }

    @Test("It names who holds the state, whether or not something is to be written (DESIGN.md rule 12)")
    func isHeld() async throws {
        let fleet = try await applied()
        let serve = try await fleet.serve()
        let result = try await fleet.writ("apply")
        #expect(result.status == 1, "\(result)")
        #expect(result.stderr.contains("(writ serve) since "), "\(result)")
        _ = try await serve.terminate()
        #expect(try await fleet.writ("apply").status == 0)
    }

    @Test("What became of the branch since is recorded")
    func isRecorded() async throws {
        let fleet = try await applied()
        let good = try fleet.commit(["README.md": "Nothing that writ reads.\n"])
        #expect(try await fleet.writ("apply").status == 0)
        #expect(try await fleet.json("status")["lastReconcile"]?["commit"]?.string == good.text)
        let before = try fleet.stateBytes()
        #expect(try await fleet.writ("apply").status == 0)
        #expect(try fleet.stateBytes() == before)
    }
}
