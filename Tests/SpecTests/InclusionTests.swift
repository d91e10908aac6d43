import Spec
import TestSupport
import Testing
import Values

@Suite struct InclusionTests {
    @Test func `an included file's text is a part of the resource, and its blob is told`() throws {
        let text = """
            === prompts/a.yaml: Prompt a ===
            template: {file: ../texts/./a.md}
            === texts/a.md ===
            One
            """
        let loaded = try CatalogLoader(zones: .system).load(try MarkedText(text).snapshot)
        let changed = try load(text + " more")
        let resource = try #require(loaded.catalog[Prompt.id("a")])
        #expect(resource.manifest["spec"]?["template"] == ["file": "texts/a.md", "text": "One"])
        #expect(resource.digest != changed[Prompt.id("a")]?.digest)
        #expect(loaded.files.map(\.path) == ["prompts/a.yaml", "texts/a.md"])
        #expect(loaded.files.map(\.role) == [.manifest, .included])
        #expect(loaded.files.allSatisfy { $0.blob.count == 40 })
        #expect(loaded.files.first?.includes == ["texts/a.md"])
        #expect(loaded.files.first?.declares == [Prompt.id("a")])
    }

    @Test func `line ends and a byte order mark of an included file do not matter (fault A26)`() throws {
        let manifest = "=== a.yaml: Prompt a ===\ntemplate: {file: a.md}\n"
        let digests = try ["One\nTwo\n", "One\r\nTwo\r\n", "One\rTwo\r", "\u{FEFF}One\nTwo\n"].map { file in
            var snapshot = try MarkedText(manifest).snapshot
            snapshot.files["a.md"] = Array(file.utf8)
            return try CatalogLoader(zones: .system).load(snapshot).catalog[Prompt.id("a")]?.digest
        }
        #expect(digests[0] != nil)
        #expect(Set(digests).count == 1)
    }

    @Test func `what turns an included text around is told where it stands, once for all who include it`() throws {
        try check(
            """
            === a.yaml: Prompt a ===
            template: {file: t/a.md}
            === b.yaml: Prompt b ===
            template: {file: t/a.md}
            === t/a.md ===
            One “two”
            Three «1»\u{2067}four\u{2069}
            \u{200F}five
            === expected ===
            1: warning bidirectional-control: U+2067
            """)
    }

    @Test(arguments: [
        "/etc/passwd", "../a.md", "x/../../a.md", "file:///etc/passwd", "https://example.com/a", "'a\\b'",
        ".git/config",
        ".GIT/config", "''", "..", ".",
    ]) func `a path never leaves the repository (fault B48)`(path: String) throws {
        try check(
            """
            === a.yaml: Prompt a ===
            template: {file: «1»\(path)}
            === expected ===
            1: error include-outside: does not stay inside the repository
            """)
    }

    @Test func `what is no readable file is refused, at the path that names it`() throws {
        let marked = try MarkedText(
            """
            === a.yaml: Prompt a ===
            template: {file: «link»link.md}
            === b.yaml: Prompt b ===
            template: {file: «module»module}
            === c.yaml: Prompt c ===
            template: {file: «large»large.md}
            === d.yaml: Prompt d ===
            template: {file: «latin»latin.md}
            === e.yaml: Prompt e ===
            template: {file: «nul»nul.md}
            === f.yaml: Prompt f ===
            template: {file: «lfs»lfs.md}
            === g.yaml: Prompt g ===
            template: {file: «gone»link.md/below.md}
            === lfs.md ===
            version https://git-lfs.github.com/spec/v1
            === expected ===
            link: error symbolic-link: `link.md` is a symbolic link
            module: error submodule: `module` is a submodule
            large: error file-too-large: `large.md` has 1048577 bytes
            latin: error not-utf8: `latin.md` is not UTF-8
            nul: error control-character: `nul.md` holds a NUL
            lfs: error lfs-pointer: `lfs.md` is a Git LFS pointer
            gone: error symbolic-link: `link.md/below.md` is below `link.md`, a symbolic link, which writ does not follow
            """)
        var snapshot = marked.snapshot
        snapshot.symbolicLinks = ["link.md"]
        snapshot.submodules = ["module"]
        snapshot.files["large.md"] = Array(repeating: 0x61, count: (1 << 20) + 1)
        snapshot.files["latin.md"] = [0x61, 0xE9]
        snapshot.files["nul.md"] = [0x61, 0x00]
        let loaded = try CatalogLoader(zones: .system).load(snapshot)
        let submodule = "unexpected: module:1:1: warning: this is a submodule, which writ does not read [submodule]"
        let link =
            "unexpected: link.md:1:1: warning: this is a symbolic link, which writ does not follow: "
            + "what lies behind it is not read [symbolic-link]\n"
            + "    fix: put the files themselves here, or exclude it in writ.yaml"
        #expect(marked.differences(from: loaded.diagnostics) == [link, submodule])
        #expect(loaded.catalog.resources.isEmpty)
    }

    @Test func `a mistake in an included template is told once, at its place in that file`() throws {
        try check(
            """
            === a.yaml: Prompt a ===
            template: {file: a.md}
            === b.yaml: Prompt b ===
            template: {file: a.md}
            === a.md ===
            Hello
            {{name}} and «1»{{#open}}
            === expected ===
            1: error bad-value: no closing tag
            """)
    }

    @Test func `a mistake in a template in place is told at the value`() throws {
        try check(
            """
            === a.yaml: Prompt a ===
            template: «1»'{{#open}}'
            === b.yaml: Tool b ===
            description: A.
            http: {url: 'https://example.com/', query: {q: «2»'{{/shut}}'}, body: «3»{a: '{{#open}}'}}
            === expected ===
            1: error bad-value: (1:1 of this template)
            2: error bad-value: (1:1 of this template)
            3: error bad-value: no closing tag
            """)
    }

    @Test func `only file is known in an inclusion`() throws {
        try check(
            """
            === a.yaml: Prompt a ===
            template: {«1»path: a.md}
            === b.yaml: Prompt b ===
            template: «2»{}
            === expected ===
            1: error unknown-field: `path` => {file: path}
            2: error missing-field: `file` => {file: path}
            """)
    }

    @Test func `templates and expressions stay as they are written (fault A32)`() throws {
        let catalog = try load(
            """
            === a.yaml: Prompt a ===
            description: '{{payload}} ${HOME} $(id)'
            template: 'Hello {{payload.name}}, ${HOME}'
            """)
        #expect(
            catalog[Prompt.id("a")]?.manifest["spec"] == [
                "description": "{{payload}} ${HOME} $(id)", "template": "Hello {{payload.name}}, ${HOME}",
            ])
    }

    @Test func `an error of the snapshot itself fails the load, and included bytes are bounded together`() throws {
        var limits = SnapshotLimits()
        limits.totalBytes = 200
        let snapshot = try MarkedText(
            "=== a.yaml: Prompt a ===\ntemplate: {file: a.md}\n=== a.md ===\n" + String(repeating: "x", count: 300)
        ).snapshot
        #expect(throws: SourceError.tooLarge(bytes: 300, limit: 200)) {
            try CatalogLoader(zones: .system, limits: limits).load(snapshot)
        }
    }
}
