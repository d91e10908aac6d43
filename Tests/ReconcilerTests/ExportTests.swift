import Foundation
import Git
import TestSupport
import Testing
import Values

@Suite("Exporting the state")
struct ExportTests {
    /// A repository of exported files, planned against the state that they came from.
    private func plan(_ fleet: Fleet, _ directory: TemporaryDirectory, _ arguments: String...) async throws -> JSON {
        let exported = try await fleet.json("export", directory.path("out"))
        #expect(try MachineFormat.violations(of: exported, "export").isEmpty)
        let paths = try #require(exported["files"]?.array).compactMap(\.string)
        let copy = try TestRepository()
        try copy.commit(
            Dictionary(uniqueKeysWithValues: try paths.map { ($0, try directory.read("out/\($0)")) }), "From the state")
        let result = try await fleet.writ(
            ["plan", "--repo", copy.path, "--state", fleet.statePath, "-o", "json"] + arguments)
        try #require(result.status == 0, "\(result)")
        return try result.json
    }

    @Test("What is exported plans as no change", arguments: ["quickstart", "research-desk"])
    func isSame(_ example: String) async throws {
        let fleet = try Fleet(try Examples.files(example))
        _ = try await fleet.json("apply")
        let plan = try await plan(fleet, try TemporaryDirectory())
        #expect(plan["changes"]?.array?.isEmpty == true)
        #expect(plan["summary"]?["move"]?.int == 0)
        #expect(plan["summary"]?["unchanged"]?.int ?? 0 > 3)
    }

    @Test("Whatever stands in the strings of manifests comes back from an export as it was")
    func isSameWithHardTexts() async throws {
        var random = SeededRandom(26)
        var files: [String: String] = ["fleet/writ.yaml": "exclude: [drafts/**]\nbrake: {deletes: 50}\n"]
        for number in 0..<60 {
            // JSON is YAML but for characters that the reader refuses as they are.
            func quoted(_ text: String) -> String {
                JSON.string(text).canonicalText.unicodeScalars.map { scalar in
                    scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7F
                        ? String(scalar)
                        : scalar.value > 0xFFFF
                            ? "\\U" + String(scalar.value, radix: 16).leftPadded(8)
                            : "\\u" + String(scalar.value, radix: 16).leftPadded(4)
                }.joined()
            }
            let (note, text) = (random.hardText(upTo: 12), random.hardText(upTo: 12))
            files["fleet/many/\(number / 7).yaml", default: ""] += """
                ---
                apiVersion: writ/v1
                kind: Prompt
                metadata: {name: p\(number), annotations: {note: \(quoted(note)), \(quoted("k" + note)): x}}
                spec: {template: \(quoted("t" + text.replacing("{{", with: "")))}

                """
        }
        files["shared.md"] = "A text\n\n  with lines  \n"
        files["fleet/with-file.yaml"] =
            "apiVersion: writ/v1\nkind: Prompt\nmetadata: {name: with-file}\nspec: {template: {file: ../shared.md}}\n"
        let fleet = try Fleet(files)
        let applied = try await fleet.writ("apply", "--path", "fleet", "-q")
        try #require(applied.status == 0, "\(applied)")
        let plan = try await plan(fleet, try TemporaryDirectory(), "--path", "fleet")
        #expect(plan["changes"]?.array?.isEmpty == true, "\(plan["changes"]?.prettyText ?? "")")
        #expect(plan["summary"]?["move"]?.int == 0)
        #expect(plan["summary"]?["unchanged"]?.int == 61)
    }

    @Test("A stream of documents stands alone, and a directory in use is left as it is")
    func isStream() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let stream = try await fleet.writ("export")
        #expect(stream.status == 0, "\(stream)")
        #expect(stream.stdout.components(of: "kind: ") == 4, "\(stream)")
        let taken = try TemporaryDirectory()
        try taken.write("mine.txt", "mine\n")
        let refused = try await fleet.writ("export", taken.path)
        #expect(refused.status == 1)
        #expect(refused.stderr.contains("is not empty"), "\(refused)")
        #expect(try taken.read("mine.txt") == "mine\n")
    }
}

extension String {
    fileprivate func leftPadded(_ width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }

    fileprivate func components(of part: String) -> Int { ranges(of: part).count }

    @Test("An export that cannot be finished leaves nothing behind")
    func isWholeOrNotThere() async throws {
        func user(_ name: String) -> String {
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {displayName: U, role: viewer}\n"
        }
        let fleet = try Fleet()
        // git keeps names that no file of a disk may have.
        let long = String(repeating: "v", count: 300) + ".yaml"
        let tree = try fleet.repository.writeTree([
            RawEntry("100644", "u.yaml", try fleet.repository.writeBlob(user("u"))),
            RawEntry("100644", long, try fleet.repository.writeBlob(user("v"))),
        ])
        try fleet.repository.branch("main", at: try fleet.repository.writeCommit(tree: tree))
        _ = try await fleet.json("apply")
        let directory = try TemporaryDirectory()
        let result = try await fleet.writ("export", directory.path("deep/out"))
        #expect(result.status == 1 && result.stderr.contains("cannot write what is in force to"), "\(result)")
        #expect(!FileManager.default.fileExists(atPath: directory.path("deep")), "\(result)")
    }
}
