import Spec
import Testing

/// One example of each diagnostic, at its exact place.
@Suite struct DiagnosticCodeTests {
    @Test(arguments: DiagnosticCode.allCases) func `each code has an example here`(code: DiagnosticCode) throws {
        if Self.elsewhere.contains(code) { return }
        let example = try #require(Self.examples.first { $0.contains(" \(code.rawValue): ") })
        try check(example)
    }

    @Test(arguments: examples) func `each example gives what it expects`(example: String) throws {
        try check(example)
    }

    /// They take more than a text: see `SourceTests` and `EncodingTests`, for what plans warn of
    /// `CatalogAdviceTests`, and for what is broken in part `IsolationTests`.
    private static let elsewhere: Set<DiagnosticCode> = [
        .symbolicLink, .submodule, .notUTF8, .tooManyProblems, .unusedAgent, .suspendedReference, .frequentSchedule,
        .longJitter,
        .renameAmbiguous, .protected, .brake, .baseline, .newReach, .unreadable, .refused, .riskySettings,
        .staleReference, .keptSettings, .ignoredName, .unknownFormerName, .locked, .undone,
    ]

    static let examples = fileExamples + yamlExamples + manifestExamples + crossFileExamples

    private static let fileExamples = [
        "=== a.yaml ===\n«1»# \(String(repeating: "x", count: 1 << 20))\n=== expected ===\n"
            + "1: error file-too-large: over the limit of 1048576 => {file: path}",
        "=== a.yaml ===\nname: a«1»\u{7}\n=== expected ===\n1: error control-character: byte 0x07",
        "=== a.yaml: User a ===\ndisplayName: A«1»\u{202E} b\u{2066} # «\n=== expected ===\n"
            + "1: warning bidirectional-control: U+202E => \\u202E",
        "=== a.yaml ===\n«1»version https://git-lfs.github.com/spec/v1\n=== expected ===\n1: error lfs-pointer: Git LFS",
    ]

    private static let yamlExamples = [
        "=== a.yaml ===\na: 1\nb: «1»\"open\nc: 2\n=== expected ===\n1: error yaml-syntax: never closed",
        "=== a.yaml ===\na: 1\n«1»\tb: 2\n=== expected ===\n1: error yaml-syntax: tab",
        "=== a.yaml: User a ===\nrole: «2»admin\n«1»role: viewer\n=== expected ===\n1: error duplicate-key: first at line 6\n"
            + "2: warning not-active: spec.role",
        "=== a.yaml ===\n\(String(repeating: "[", count: 64))«1»[\n=== expected ===\n1: error too-deep: over 64 levels",
        "=== a.yaml ===\n? «1»\(String(repeating: "k", count: 1_030))\n: v\n=== expected ===\n1: error key-too-long: over",
        "=== a.yaml ===\n«1»\(String(repeating: "k", count: 1_030)): v\n=== expected ===\n1: error key-too-long: over",
        "=== a.yaml ===\n"
            + String(repeating: "---\n", count: 1_000) + "«1»---\n=== expected ===\n"
            + "1: error too-many-documents: over 1000",
        "=== a.yaml: User a ===\nrole: «1»*nowhere\n=== expected ===\n"
            + "1: error unknown-alias: no anchor `&nowhere`",
        "=== a.yaml ===\n- &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n- &b [\(repeated("*a"))]\n- &c [\(repeated("*b"))]\n"
            + "- &d [\(repeated("*c"))]\n- [*d, *d, *d, *d, *d, «1»*d]\n=== expected ===\n"
            + "1: error alias-budget: over 50000 values",
        "=== a.yaml ===\n" + String(repeating: "- 1\n", count: 49_999) + "- «1»1\n=== expected ===\n"
            + "1: error too-many-nodes: over 50000 values => split",
        "=== a.yaml: User a ===\ndisplayName: «1»\(String(repeating: "x", count: 262_145))\n=== expected ===\n"
            + "1: error scalar-too-long: over 256 KiB => {file: path}\n",
        "=== a.yaml ===\n«1»%YAML 1.2\n---\na: 1\n=== expected ===\n1: error directive: not supported",
        "=== a.yaml ===\n? «1»[a, b]\n: v\n=== expected ===\n1: error bad-key: plain text",
    ]

    private static let manifestExamples = [
        "=== a.yaml ===\napiVersion: «1»writ/v2\nkind: User\nmetadata: {name: a}\nspec: {}\n=== expected ===\n"
            + "1: error wrong-api-version: `writ/v2` => apiVersion: writ/v1",
        "=== a.yaml ===\napiVersion: writ/v1\nkind: «1»Agnet\nmetadata: {name: a}\nspec: {}\n=== expected ===\n"
            + "1: error unknown-kind: `Agnet` => `Agent`",
        "=== a.yaml: User a ===\n«1»displyName: Ada\n=== expected ===\n"
            + "1: error unknown-field: `displyName` => did you mean `displayName`?",
        "=== a.yaml: Prompt a ===\n«1»description: A.\n=== expected ===\n1: error missing-field: `template`",
        "=== a.yaml: User a ===\nsuspend: «1»yes\n=== expected ===\n1: error wrong-type: true or false, found text",
        "=== a.yaml: User a ===\nrole: «1»admn\n=== expected ===\n1: error bad-value: `admn` => did you mean `admin`?",
        "=== a.yaml: User «1»Ada_B ===\nrole: viewer\n=== expected ===\n1: error bad-name: `Ada_B` => ada-b",
        "=== a.yaml: Channel a ===\nwebhook: {url: https://example.com, secret: {env: A}}\n"
            + "«1»slack: «2»{webhookURL: {env: B}}\n=== expected ===\n1: error exclusive-fields: only one of\n"
            + "2: warning not-active: slack",
        "=== a.yaml: User a ===\nrole: «1»!!str viewer\n=== expected ===\n1: error tag: not supported",
        "=== a.yaml: User a ===\n«1»<<: {role: viewer}\n=== expected ===\n1: error merge-key: not supported",
        "=== a.yaml: Channel a ===\nslack: {webhookURL: «1»https://hooks.example.com/T0/B0/xyz}\n=== expected ===\n"
            + "1: error plaintext-secret: must not stand in the repository => {env: NAME}",
        "=== a.yaml: Repository a ===\nurl: https://github.com/acme/site\nwebhook:\n  secret: {env: HOOK}\n"
            + "  events: [push, «1»pull_requst.opened, '*.created', «2»nothing]\n=== expected ===\n"
            + "1: warning unknown-event: no event `pull_requst` => did you mean `pull_request.opened`?\n"
            + "2: warning unknown-event: no event `nothing`",
        Parts.agents + "=== t.yaml: Trigger t ===\nagent: brief\non: {event: run.failed}\n"
            + "match: [{path: «1»paylod.agent, equals: brief}]\n=== expected ===\n"
            + "1: warning unknown-path: `paylod` => did you mean `payload`?",
        "=== a.yaml: User a ===\nsuspend: «1»true\n=== expected ===\n1: warning not-active: spec.suspend: true",
    ]

    private static let crossFileExamples = [
        "=== a.yaml: User a ===\nrole: viewer\n=== b.yaml ===\napiVersion: writ/v1\nkind: User\n"
            + "metadata: {name: «1»a}\nspec: {}\n=== expected ===\n"
            + "1: error duplicate-resource: User/a is declared twice, first at a.yaml:4:9",
        "=== ada.yaml: User ada ===\nrole: viewer\n=== a.yaml: Team a ===\nowner: «1»aba\n=== expected ===\n"
            + "1: error dangling-reference: no User named `aba` => did you mean `ada`?",
        Parts.agents + "=== t.yaml: Tool t ===\ndescription: A.\nagent: «2»a\n=== a.yaml: Agent a ===\n"
            + "model: {provider: openai, name: small}\nsystemPrompt: Hi\ntools: [t]\n=== expected ===\n"
            + "2: error reference-cycle: Agent/a → Tool/t → Agent/a\n2: warning not-active: spec.agent",
        "=== a.yaml: Prompt a ===\ntemplate: {file: «1»../../etc/passwd}\n=== expected ===\n"
            + "1: error include-outside: inside the repository",
        "=== x/a.yaml: Prompt a ===\ntemplate: {file: «1»../b.md}\n=== expected ===\n"
            + "1: error include-missing: `b.md` => relative to the manifest, here x",
        "=== a.yaml: User a ===\nrole: viewer\n=== b.yaml ===\napiVersion: writ/v1\nkind: User\n"
            + "metadata: {name: b, renamedFrom: «1»a}\nspec: {}\n=== expected ===\n"
            + "1: error rename-conflict: User/b cannot be renamed from User/a, which stands at a.yaml:4:9 => remove",
        "=== writ.yaml ===\nexclude: []\n---\n«1»exclude: []\n=== a.yaml: User a ===\nrole: viewer\n"
            + "=== expected ===\n1: error settings: one document",
    ]

    private static func repeated(_ alias: String) -> String {
        Array(repeating: alias, count: 9).joined(separator: ", ")
    }
}
