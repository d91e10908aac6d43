import Spec
import TestSupport
import Testing

@Suite struct SettingsTests {
    private static let files = """
        === agents/a.yaml: User a ===
        role: viewer
        === drafts/b.yaml: User b ===
        role: viewer
        === drafts/deep/c.yml: User c ===
        role: viewer
        === agents/d.draft.yaml: User d ===
        role: viewer
        === notes.txt ===
        not YAML: [

        """

    @Test(arguments: [
        ("", ["a", "b", "c", "d"]),
        ("exclude: [drafts/**]", ["a", "d"]),
        ("exclude: [drafts/]", ["a", "d"]),
        ("exclude: [drafts/*]", ["a", "c", "d"]),
        ("exclude: ['**/*.draft.yaml']", ["a", "b", "c"]),
        ("include: [agents/**]", ["a", "d"]),
        ("include: ['*/?.yaml', 'drafts/**/c.yml']", ["a", "b", "c"]),
        ("include: [agents/**]\nexclude: ['**/*.draft.yaml']", ["a"]),
    ]) func `include and exclude choose the files`(settings: String, names: [String]) throws {
        let text = Self.files + (settings.isEmpty ? "" : "=== writ.yaml ===\n\(settings)\n")
        #expect(try load(text).names(of: .user) == names)
    }

    @Test func `the settings are those of the configured root, and no manifest`() throws {
        let snapshot = try MarkedText(
            """
            === writ.yaml ===
            nothing: valid
            === team/writ.yaml ===
            exclude: [b.yaml]
            === team/a.yaml: User a ===
            role: viewer
            === team/b.yaml: User b ===
            role: viewer
            === other/c.yaml: User c ===
            role: viewer
            """
        ).snapshot
        for root in ["team", "team/", "./team", "/team"] {
            let loaded = try CatalogLoader(root: root, zones: .system).load(snapshot)
            #expect(loaded.diagnostics.isEmpty, "\(root)")
            #expect(loaded.catalog.names(of: .user) == ["a"], "\(root)")
            #expect(loaded.manifestFiles == 1)
        }
    }

    @Test func `mistakes in the settings are told, and refuse the revision`() throws {
        let loaded = try check(
            """
            === writ.yaml ===
            «1»exlude: []
            include: [«2»/abs, «3»'', «4»'**/**/**/**/**']
            prune: {«5»grase: 7d}
            brake: «6»{deletes: 5, percent: «7»200}
            === a.yaml: User a ===
            role: viewer
            === expected ===
            1: error unknown-field: `exlude` => did you mean `exclude`?
            2: error bad-value: relative
            3: error bad-value: not empty
            4: error bad-value: at most four
            5: error unknown-field: `grase` => did you mean `grace`?
            7: error bad-value: `200` is not between 1 and 100
            """)
        #expect(!loaded.isValid)
    }

    @Test(arguments: [
        ("", true, 30), ("prune: true", true, 30), ("prune: false", false, 30), ("prune: {enabled: false}", false, 30),
        ("prune: {grace: 7d}", true, 7), ("prune: {grace: 168h, enabled: true}", true, 7),
    ]) func `pruning is a word or a mapping, and is recorded in one way`(
        text: String, enabled: Bool, days: Int64
    ) throws {
        let files = Self.files + (text.isEmpty ? "" : "=== writ.yaml ===\n\(text)\n")
        let loaded = try CatalogLoader(zones: .system).load(try MarkedText(files).snapshot)
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.settings.prune == Prune(enabled: enabled, grace: .seconds(days * 86_400)))
        let recorded = ManifestReading(path: Settings.fileName, source: .recorded)
        #expect(Settings.read(Node(json: loaded.settings.json), recorded) == loaded.settings)
    }

    @Test(arguments: [
        ("*", "a.yaml", true), ("*", "a/b.yaml", false), ("**", "a/b.yaml", true), ("a/**", "a/b/c", true),
        ("a/**", "a", false), ("a/**", "ab/c", false), ("**/c", "c", true), ("**/c", "a/b/c", true),
        ("a/**/c", "a/c", true), ("a/**/c", "a/b/b/c", true), ("a/**/c", "b/c", false), ("?.yaml", "a.yaml", true),
        ("?.yaml", "ab.yaml", false), ("?.yaml", "\u{1F600}.yaml", true), ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false), ("*.yaml", "A.YAML", false), ("[ab].yaml", "a.yaml", false), ("a/", "a/b/c", true),
    ]) func `a pattern matches whole paths`(pattern: String, path: String, matches: Bool) throws {
        #expect(try Glob(manifestText: pattern).matches(path) == matches)
    }

    @Test func `a hostile pattern ends`() throws {
        let name = String(repeating: "a", count: 250)
        let glob = try Glob(manifestText: String(repeating: "*a", count: 120) + "b")
        #expect(!glob.matches(name))
        let stars = try Glob(manifestText: "**/a/**/a/**/a/**/b")
        #expect(!stars.matches(Array(repeating: "a", count: 30).joined(separator: "/")))
    }

    @Test(arguments: ["writ.yml", "Writ.yaml", "team/writ.yml"])
    func `settings under another name are told of once, and with the name`(path: String) throws {
        let user = "apiVersion: writ/v1\nkind: User\nmetadata: {name: u}\nspec: {}\n"
        let snapshot = MemorySnapshot([path: "apply: perResource\n", "u.yaml": user])
        let loaded = try CatalogLoader(zones: .system).load(snapshot)
        let errors = loaded.diagnostics.filter { $0.severity == .error }
        #expect(errors.map(\.code) == [.settings])
        #expect(errors.first?.fix == "rename it to writ.yaml")
    }

    @Test func `settings that are a symbolic link are told of once`() throws {
        var snapshot = MemorySnapshot(["u.yaml": "apiVersion: writ/v1\nkind: User\nmetadata: {name: u}\nspec: {}\n"])
        snapshot.symbolicLinks = ["writ.yaml"]
        let loaded = try CatalogLoader(zones: .system).load(snapshot)
        #expect(loaded.diagnostics.map(\.code) == [.symbolicLink])
        #expect(!loaded.isValid)
    }

    @Test func `a writ.yaml below the root is no manifest, and says where it would count`() throws {
        let user = "apiVersion: writ/v1\nkind: User\nmetadata: {name: a}\nspec: {}\n"
        let other = user.replacing("a}", with: "b}")
        let files = ["a.yaml": user, "fleet/writ.yaml": "prune: false\n", "fleet/b.yaml": other]
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(files))
        #expect(loaded.diagnostics.map(\.code) == [.settings])
        #expect(loaded.diagnostics.first?.place.path == "fleet/writ.yaml")
        #expect(loaded.diagnostics.first?.fix?.contains("--path fleet") == true)
        #expect(try CatalogLoader(root: "fleet", zones: .system).load(MemorySnapshot(files)).isValid)
    }
}
