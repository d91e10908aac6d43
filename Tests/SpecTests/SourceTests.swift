import Spec
import TestSupport
import Testing
import Values

@Suite struct SourceTests {
    private struct Broken: Error {}

    /// Listed, and then gone.
    private struct BrokenSnapshot: Snapshot {
        func entries(below directory: String) throws -> [SnapshotEntry]? {
            [SnapshotEntry(path: "a.yaml", blob: "0", size: 1)]
        }
        func entry(at path: String) throws -> SnapshotEntry? { nil }
        func contents(of entry: SnapshotEntry, limit: Int) throws -> [UInt8] { throw Broken() }
    }

    @Test func `an empty source is an error and never an empty catalog (fault C60)`() {
        let loader = CatalogLoader(zones: .system)
        #expect(throws: SourceError.noManifests("")) { try loader.load(MemorySnapshot()) }
        #expect(throws: SourceError.noManifests("")) { try loader.load(MemorySnapshot(["README.md": "x"])) }
        #expect(throws: SourceError.noManifests("")) { try loader.load(MemorySnapshot(["writ.yaml": "prune: true"])) }
        #expect(throws: SourceError.allLeftOut("", count: 1)) {
            try loader.load(MemorySnapshot(["writ.yaml": "exclude: ['**']", "a.yaml": "x"]))
        }
    }

    @Test func `a wrong path is an error (fault C60)`() {
        let files = ["config/a.yaml": "a: 1", "file.yaml": "a: 1"]
        #expect(throws: SourceError.noDirectory("confg")) {
            try CatalogLoader(root: "confg", zones: .system).load(MemorySnapshot(files))
        }
        #expect(throws: SourceError.noDirectory("file.yaml")) {
            try CatalogLoader(root: "file.yaml", zones: .system).load(MemorySnapshot(files))
        }
    }

    @Test func `a source that cannot be read is an error (fault C61)`() {
        #expect(throws: Broken.self) { try CatalogLoader(zones: .system).load(BrokenSnapshot()) }
    }

    @Test func `one unreadable manifest among many makes the catalog invalid, so that nothing is deleted (fault C61)`()
        throws
    {
        var files: [String: String] = [:]
        for number in 0..<99 {
            files["\(number).yaml"] = "apiVersion: writ/v1\nkind: User\nmetadata: {name: u\(number)}\nspec: {}\n"
        }
        files["broken.yaml"] = "apiVersion: \"writ/v1"
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(files))
        #expect(!loaded.isValid)
        #expect(loaded.diagnostics.map(\.place.description) == ["broken.yaml:1:13"])
    }

    @Test func `too many bytes together are an error`() {
        var limits = SnapshotLimits()
        limits.totalBytes = 10
        #expect(throws: SourceError.tooLarge(bytes: 12, limit: 10)) {
            try CatalogLoader(zones: .system, limits: limits)
                .load(MemorySnapshot(["a.yaml": "a: 123", "b.yaml": "b: 123"]))
        }
    }

    @Test func `a symbolic link is not followed, a submodule is noted (faults B43, B44)`() throws {
        var snapshot = try MarkedText("=== a.yaml: User a ===\nrole: viewer").snapshot
        snapshot.symbolicLinks = ["link.yaml", "link.txt"]
        snapshot.submodules = ["vendor", "sub.yaml"]
        let loaded = try CatalogLoader(zones: .system).load(snapshot)
        #expect(
            loaded.diagnostics.map(\.text) == [
                "link.txt:1:1: warning: this is a symbolic link, which writ does not follow: "
                    + "what lies behind it is not read [symbolic-link]\n"
                    + "    fix: put the files themselves here, or exclude it in writ.yaml",
                "link.yaml:1:1: error: this manifest is a symbolic link, which writ does not follow [symbolic-link]\n"
                    + "    fix: put a copy of the file here",
                "sub.yaml:1:1: warning: this is a submodule, which writ does not read [submodule]",
                "vendor:1:1: warning: this is a submodule, which writ does not read [submodule]",
            ])
        #expect(loaded.manifestFiles == 2)
    }

    @Test func `a manifest that is not named like one is told of, and its text may be included all the same`() throws {
        let prompt = "apiVersion: writ/v1\nkind: Prompt\nmetadata: {name: p}\nspec: {template: {file: P.YAML}}\n"
        var files = ["a.yaml": prompt, "P.YAML": "Hello.", "b.Yml": "apiVersion: writ/v1"]
        let snapshot = MemorySnapshot(files)
        let loaded = try CatalogLoader(zones: .system).load(snapshot)
        #expect(loaded.isValid)
        #expect(loaded.catalog.resources.map(\.id.name) == ["p"])
        #expect(
            loaded.diagnostics.map(\.text)
                == ["P.YAML", "b.Yml"].map {
                    "\($0):1:1: warning: this is not read as a manifest: its name ends in `\($0.dropFirst())`, and theirs in"
                        + " `.yaml` or `.yml` [ignored-name]\n    fix: rename it, or exclude it in writ.yaml"
                })
        // In whatever order it is read.
        let some = try CatalogLoader(zones: .system).read(["a.yaml"], of: snapshot)
        #expect(some.files == loaded.files.filter { $0.path != "b.Yml" })
        files["writ.yaml"] = "exclude: ['*.YAML', '*.Yml']"
        #expect(try CatalogLoader(zones: .system).load(MemorySnapshot(files)).diagnostics.isEmpty)
    }

    @Test func `a file's name cannot write to the terminal (fault B46)`() throws {
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(["\u{1B}[2J\n.yaml": "[]"]))
        #expect(
            loaded.diagnostics.first?.text
                == "\\u{1b}[2J\\u{a}.yaml:1:1: error: expected a manifest, found a list [wrong-type]\n"
                + "    fix: a manifest has apiVersion, kind, metadata and spec")
    }

    @Test func `a source's error says what to do`() {
        #expect(SourceError.noDirectory("a\u{1B}b").description.contains("`a\\u{1b}b`"))
        #expect(SourceError.noManifests("").description.contains("nothing is planned"))
        #expect(SourceError.noManifests("x").description.contains("below `x`"))
        let all = SourceError.allLeftOut("x", count: 7).description
        #expect(all.contains("`include` and `exclude` of `x/writ.yaml` leave out all 7 manifests below `x`"))
        #expect(SourceError.tooLarge(bytes: 300 << 20, limit: 256 << 20).description.contains("300 MiB"))
    }

    @Test func `a diagnostic is written for people and for machines`() {
        let place = Place(path: "a.yaml", mark: Mark(line: 3, column: 5))
        let diagnostic = Diagnostic(.error, .unknownField, "unknown field `x`", at: place, fix: "remove it")
        #expect(diagnostic.text == "a.yaml:3:5: error: unknown field `x` [unknown-field]\n    fix: remove it")
        #expect(
            diagnostic.json.canonicalText
                == #"{"code":"unknown-field","column":5,"fix":"remove it","line":3,"message":"unknown field `x`","#
                + #""path":"a.yaml","severity":"error"}"#)
    }
}
