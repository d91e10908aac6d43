import Git
import TestSupport
import Testing
import Values

@Suite("Beginning with `init`")
struct InitTests {
    @Test("What was staged in a repository stays staged")
    func keepsStaged() async throws {
        let fleet = try Fleet(["README.md": "one\n"])
        // Staged, and not committed: `extra.txt` is in the index and in no commit of the branch.
        let staged = try fleet.repository.commit(["extra.txt": "two\n"], branch: "other")
        try fleet.repository.directory.write("extra.txt", "two\n")
        try fleet.repository.repository.addToIndex(["extra.txt"], from: staged)
        let made = try await fleet.writ("init")
        #expect(made.status == 0, "\(made)")
        let index = try fleet.repository.directory.read(".git/index")
        for path in ["README.md", "extra.txt", "agents/greeter.yaml", "writ.yaml"] {
            #expect(index.contains(path), "\(path) is not in the index")
        }
        let commit = try fleet.repository.repository.resolve("HEAD")
        let snapshot = try fleet.repository.repository.snapshot(of: commit)
        #expect(try snapshot.entry(at: "extra.txt") == nil)
        #expect(try snapshot.entry(at: "agents/greeter.yaml") != nil)
    }

    @Test("Its words fit the place, and its schemas are those that `writ schema` prints")
    func fitsItsPlace() async throws {
        let fleet = try Fleet()
        let made = try await fleet.writ("init")
        #expect(made.status == 0, "\(made)")
        #expect(!made.stderr.contains(" in .") && !made.stderr.contains("cd ."), "\(made)")
        #expect(made.stderr.contains("Next:\n    writ validate\n"), "\(made)")
        let schema = try await fleet.writ("schema")
        #expect(try fleet.read("schemas/writ.schema.json") == schema.stdout)
        #expect(try fleet.read("agents/greeter.yaml").hasPrefix("# yaml-language-server: $schema=../schemas/"))
        // A schedule's input must fit a run by hand too.
        _ = try await fleet.json("apply")
        let run = try await fleet.writ("run", "trigger/every-morning")
        #expect(run.status == 0, "\(run)")
    }
}
