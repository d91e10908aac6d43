import Spec
import Testing

@Suite struct EnvelopeTests {
    @Test func `each missing part of a manifest is told, at the document's beginning`() throws {
        try check(
            """
            === a.yaml ===
            # Only a comment before.
            «1»labels: {}
            === expected ===
            1: error unknown-field: `labels` => known here: apiVersion, kind, metadata, spec
            1: error missing-field: `apiVersion` => apiVersion: writ/v1
            1: error missing-field: `kind` => known kinds: Agent, Tool
            1: error missing-field: `metadata`
            """)
    }

    @Test func `a misspelt part is named with the nearest one (fault A14)`() throws {
        try check(
            """
            === a.yaml ===
            «1»apiVersion: writ/v1
            kind: User
            «2»metdata: {name: a}
            spec: {}
            === expected ===
            2: error unknown-field: `metdata` => did you mean `metadata`?
            1: error missing-field: `metadata`
            """)
    }

    @Test func `what is no mapping is no manifest`() throws {
        try check(
            """
            === a.yaml ===
            «1»- a list
            === b.yaml ===
            «2»just text
            === expected ===
            1: error wrong-type: expected a manifest, found a list
            2: error wrong-type: expected a manifest, found text
            """)
    }

    @Test func `the parts have types of their own`() throws {
        try check(
            """
            === a.yaml ===
            apiVersion: «1»[writ/v1]
            kind: «2»true
            metadata: «3»a
            spec: {}
            === b.yaml ===
            apiVersion: writ/v1
            kind: User
            metadata: {name: b}
            spec: «4»nothing at all
            === expected ===
            1: error wrong-type: found a list
            2: error wrong-type: expected a kind, found a boolean
            3: error wrong-type: expected a mapping, found text
            4: error wrong-type: expected a mapping, found text
            """)
    }

    @Test(arguments: [
        ("Ada", "lower-case"), ("-a", "lower-case"), ("a-", "lower-case"), ("a_b", "a-b"), ("'a b'", "a-b"),
        ("ä", "lower-case"), ("\"a\\u200bb\"", "a-b"), ("\"\"", ""), (String(repeating: "a", count: 64), ""),
    ]) func `a name is a DNS label (faults A10, A19)`(name: String, fix: String) throws {
        try check(
            "=== a.yaml: User «1»\(name) ===\nrole: viewer\n=== expected ===\n1: error bad-name: name"
                + (fix.isEmpty ? "" : " => \(fix)"))
    }

    @Test func `characters that cannot be seen are escaped in messages (fault A19)`() throws {
        let loaded = try check(
            "=== a.yaml: User «1»\"ada\\u202e\\e[31m\" ===\nrole: «2»\"\\e[31madmin\"\n«3»\"\\e]0;x\": 1\n=== expected ===\n"
                + "1: error bad-name: `ada\\u{202e}\\u{1b}[31m`\n2: error bad-value: `\\u{1b}[31madmin`\n"
                + "3: error unknown-field: `\\u{1b}]0;x`")
        #expect(!loaded.diagnostics.contains { $0.text.unicodeScalars.contains("\u{1B}") })
    }

    @Test func `a name with a NUL is refused (fault A18)`() throws {
        try check(
            """
            === a.yaml: User «1»"a\\0" ===
            displayName: «2»"b\\0"
            === expected ===
            1: error control-character: NUL
            2: error control-character: NUL
            """)
    }

    @Test func `labels are as Kubernetes has them`() throws {
        let long = String(repeating: "a", count: 64)
        try check(
            """
            === a.yaml ===
            apiVersion: writ/v1
            kind: User
            metadata:
              name: a
              labels:
                «1»a b: c
                «2»example.com/\(long): c
                ok: «3»'not ok'
                example.com/ok: ''
                no: NO
                «4»a/b/c: d
            spec: {}
            === expected ===
            1: error bad-name: `a b` is not a label's key
            2: error bad-name: is not a label's key
            3: error bad-value: `not ok` is not a label's value => annotations
            4: error bad-name: `a/b/c`
            """)
    }

    @Test func `several manifests may share a file, and empty documents are none (fault A22)`() throws {
        let catalog = try load(
            """
            === a.yaml ===
            ---
            ---
            apiVersion: writ/v1
            kind: User
            metadata: {name: a}
            spec: {}
            ---
            # nothing
            ---
            apiVersion: writ/v1
            kind: User
            metadata: {name: b}
            spec: {}
            ...
            """)
        #expect(catalog.names(of: .user) == ["a", "b"])
        #expect(catalog[User.id("b")]?.place.mark == Mark(line: 10, column: 1))
    }
}
