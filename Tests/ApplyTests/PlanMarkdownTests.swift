import Apply
import Spec
import Testing
import Values

@Suite struct PlanMarkdownTests {
    private static let basis = Plan.Basis(revision: 4, commit: "0123456789abcdef0123")

    private func plan(
        _ before: [String: String], _ after: [String: String], basis: Plan.Basis = basis,
        commit: String? = "a1b2c3d4e5f6a7",
        warnings: [Diagnostic] = []
    ) throws -> Plan {
        ApplyFixture.planner.plan(
            try ApplyFixture.catalog(after), commit: commit, applied: try ApplyFixture.catalog(before), basis: basis,
            asOf: ApplyFixture.start, warnings: warnings)
    }

    private func markdown(_ plan: Plan, path: String = "", _ limit: MarkdownLimit = .comment) -> String {
        PlanMarkdown(path: path, command: "writ diff main..HEAD", limit: limit).render(plan)
    }

    private func prompt(_ text: String) -> [String: String] {
        ["a.yaml": manifest("Prompt", "a", "template: {file: a.md}"), "a.md": text]
    }

    @Test func `deletions and warnings stand before the changes, long ones are folded`() throws {
        let before = [
            "p.yaml": manifest("Provider", "openai", "type: openai\nheaders: {X-Team: research}"),
            "agents/brief.yaml": manifest(
                "Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: {file: ../brief.md}"),
            "brief.md": (1...30).map { "Line \($0)\n" }.joined(),
            "bob.yaml": user("bob"), "eve.yaml": user("eve"), "ada.yaml": user("ada"),
        ]
        let after = [
            "p.yaml": manifest("Provider", "openai", "type: openai\nheaders: {X-Team: newsroom}"),
            "agents/brief.yaml": manifest(
                "Agent", "brief", "model: {provider: openai, name: large}\nsystemPrompt: {file: ../brief.md}"),
            "brief.md": (1...30).map { $0 % 9 == 0 ? "Changed \($0)\n" : "Line \($0)\n" }.joined(),
            "people/ada.yaml": user("ada"),
            "t.yaml": manifest("Trigger", "morning", "agent: brief\nschedule: {cron: 0 9 * * mon-fri}"),
        ]
        let warning = Diagnostic(
            .warning, .notActive, "`role: admin` is read but not acted on",
            at: Place(path: "people/ada.yaml", mark: Mark(line: 5, column: 9)), fix: "remove the line")
        try compare(markdown(try plan(before, after, warnings: [warning]), path: "fleet/eu"), with: "changes.md")
    }

    @Test func `a plan without changes is three lines`() throws {
        let files = ["a.yaml": user("a")]
        #expect(
            markdown(try plan(files, files)) == """
                <!-- writ-plan -->
                ### Writ: no changes

                Commit `a1b2c3d4e5f6` against revision 4 (`0123456789ab`); 1 unchanged.

                As of 2026-01-01T00:00:00Z, plan `sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945`.

                """)
    }

    @Test func `the marker is of the directory, and its own line whatever that is called`() throws {
        let empty = try plan([:], ["a.yaml": user("a")])
        #expect(markdown(empty, path: "fleet").hasPrefix("<!-- writ-plan fleet -->\n"))
        #expect(
            markdown(empty, path: "a --> <b>\n--é").hasPrefix("<!-- writ-plan a%20-%2D%3E%20%3Cb%3E%0A-%2D%C3%A9 -->\n")
        )
    }

    @Test func `nothing from manifests is markup, a mention or a reference (fault C71)`() throws {
        let hostile =
            "@octocat #1 <img src=x onerror=y> ![x](http://e.example/x) `` ` ``` </details> ~~~ www.e.example | $x$ "
        let text = hostile + "\n```\n</code></pre>@team\n````suggestion\n" + hostile + "\n"
        let warning = Diagnostic(
            .warning, .notActive, hostile, at: Place(path: "`@octocat`/<b>.yaml", mark: .start), fix: hostile)
        let named = "d/`@octocat <b>.yaml"
        let result = try plan(
            prompt("a\n```\n").merging(["old @x `.yaml": user("gone")]) { old, _ in old },
            prompt(text).merging([
                named: user("b", "displayName: '\(hostile)'")
                    .replacing("{name: b}", with: "{name: b, annotations: {'@octocat': '<b>'}}")
            ]) { old, _ in old },
            warnings: [warning])
        for shown in [
            markdown(result),
            DiagnosticsMarkdown(word: "plan", path: "", command: "writ plan", limit: .comment)
                .render([warning], title: "Writ"),
        ] {
            #expect(shown.contains("octocat"))
            let prose = try Self.prose(shown)
            for word in ["@", "#1", "octocat", "img", "e.example", "[", "~", "$", "</details>\n</details>"] {
                #expect(!prose.contains(word), "\(word) is in \(prose)")
            }
        }
    }

    /// What Markdown is left when code spans and blocks are taken out by the rules of CommonMark: the first run of
    /// backticks of the same length ends a span, and a line of at least as many ends a block.
    private static func prose(_ text: String) throws -> String {
        var prose = ""
        var fence: Int?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let ticks = line.prefix { $0 == "`" }.count
            if let open = fence {
                if ticks >= open, line.dropFirst(ticks).allSatisfy({ $0 == " " }) { fence = nil }
                continue
            }
            if ticks >= 3, !line.dropFirst(ticks).contains("`") {
                fence = ticks
                continue
            }
            var rest = line[...]
            while let start = rest.firstIndex(of: "`") {
                prose += rest[..<start]
                let open = rest[start...].prefix { $0 == "`" }
                rest = rest[open.endIndex...]
                var scan = rest
                while let next = scan.firstIndex(of: "`") {
                    let run = scan[next...].prefix { $0 == "`" }
                    scan = scan[run.endIndex...]
                    if run.count == open.count { break }
                    try #require(!scan.isEmpty, "no end of code in \(line)")
                }
                rest = scan
            }
            prose += rest + "\n"
        }
        try #require(fence == nil, "no end of a block")
        // What stands in a summary is HTML: code, with its special characters as entities.
        return prose.replacing(#/<code>[^<]*</code>/#, with: "")
    }

    @Test func `folded summaries are escaped as HTML`() throws {
        let result = try plan(
            [:],
            Dictionary(
                uniqueKeysWithValues: (10..<30).map {
                    ("<b>&\"\($0).yaml", user("u\($0)", "email: \"e\($0)@e.example\""))
                }))
        let shown = markdown(result)
        #expect(
            shown.contains("<summary><b>create</b> <code>User/u10</code> <code>&lt;b&gt;&amp;&quot;10.yaml:1:1</code>"))
        #expect(!shown.contains("<b>&"))
    }

    @Test func `the values of headers are not in a comment`() throws {
        func files(_ value: String) -> [String: String] {
            ["a.yaml": manifest("Provider", "a", "type: openai\nheaders: {X-Team: \(value)}")]
        }
        let shown = markdown(try plan(files("canaryone"), files("canarytwo")))
        #expect(shown.contains("! spec.headers.X-Team: (sensitive)"))
        #expect(!shown.contains("canary"))
    }

    @Test func `a comment keeps within 60,000 characters, and says what it leaves out`() throws {
        var before: [String: String] = [:]
        var after: [String: String] = [:]
        for number in 0..<2_000 {
            after["users/\(number).yaml"] = user("u\(number)", "email: u\(number)@e.example")
            if number < 300 { before["old/\(number).yaml"] = user("o\(number)") }
        }
        let shown = markdown(try plan(before, after))
        #expect(shown.utf16.count <= 60_000)
        #expect(shown.utf16.count > 50_000)
        #expect(shown.contains("**Deletes 300 resources:** `User/o0`"))
        #expect(shown.contains(" and 250 more\n"))
        #expect(try #require(shown.firstMatch(of: /Left out here:\*\* (\d+) more changes/)).1 != "0")
        #expect(shown.contains("`writ diff main..HEAD` prints the whole plan."))
    }

    @Test func `the longest differences are left out first, and one too long is cut`() throws {
        func text(_ word: String, _ lines: Int) -> String {
            "head\n" + (0..<lines).map { "\(word) \($0) \(String(repeating: "é👩", count: 50))\n" }.joined()
        }
        func files(_ word: String) -> [String: String] {
            var files = prompt(text(word, 400))
            for number in 0..<8 {
                files["p\(number).yaml"] = manifest("Prompt", "p\(number)", "template: {file: p\(number).md}")
                files["p\(number).md"] = text(word, number == 0 ? 2 : 40)
            }
            return files
        }
        let shown = markdown(try plan(files("old"), files("new")))
        #expect(shown.utf16.count <= 60_000)
        #expect(shown.contains("-old 1 é👩"))
        #expect(shown.contains("the fields of"))
        #expect(!shown.contains("more changes"))
        let alone = markdown(try plan(prompt(text("old", 400)), prompt(text("new", 400))))
        #expect(alone.utf16.count <= 60_000)
        #expect(alone.contains(/… \d+ more lines\n```/))
        #expect(alone.contains("**Left out here:** the ends of long differences."))
        let summary = markdown(try plan(files("old"), files("new")), .summary(bytes: 1 << 20))
        #expect(summary.utf8.count <= 1 << 20)
        #expect(!summary.contains("Left out"))
    }

    @Test func `diagnostics are listed while they fit, errors first`() throws {
        let place = Place(path: "a.yaml", mark: .start)
        let warning = Diagnostic(.warning, .notActive, "this rests", at: place)
        let errors = (0..<1_000).map {
            Diagnostic(.error, .badValue, "wrong \($0) \(String(repeating: "x", count: 250))", at: place)
        }
        let form = DiagnosticsMarkdown(word: "validate", path: "", command: "writ validate", limit: .comment)
        let short = form.render([warning] + errors.prefix(1), title: "Writ: 1 error and 1 warning")
        #expect(
            short.hasPrefix(
                "<!-- writ-validate -->\n### Writ: 1 error and 1 warning\n\n- **error** `a.yaml:1:1` `wrong 0"))
        #expect(short.hasSuffix("- **warning** `a.yaml:1:1` `this rests` (not-active)\n"))
        let long = form.render([warning] + errors, title: "Writ")
        #expect(long.utf16.count <= 60_000)
        #expect(long.contains(/… and \d+ more: `writ validate` prints all of them\.\n$/))
    }
}
