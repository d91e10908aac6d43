import Apply
import Spec
import Testing
import Values

/// Plans as people see them, in Fixtures/.
@Suite struct PlanTextTests {
    private static let before = [
        "providers/openai.yaml": manifest("Provider", "openai", "type: openai\nheaders: {X-Team: research}"),
        "agents/brief.yaml": manifest(
            "Agent", "brief",
            "model: {provider: openai, name: small, temperature: 0.2}\nsystemPrompt: {file: ../prompts/brief.md}\n"
                + "limits: {timeout: 2m}"),
        "prompts/brief.md": "You write the morning brief.\n\nBe short.\nName your sources.\n",
        "users/ada.yaml": user("ada"),
        "users/bob.yaml": user("bob"),
    ]

    private static let after = [
        "providers/openai.yaml": manifest("Provider", "openai", "type: openai\nheaders: {X-Team: newsroom}"),
        "agents/brief.yaml": manifest(
            "Agent", "brief",
            "model: {provider: openai, name: large, temperature: 0.2}\nsystemPrompt: {file: ../prompts/brief.md}\n"
                + "suspend: true"),
        "prompts/brief.md": "You write the morning brief.\n\nBe very short.\nName your sources.\n",
        "people/ada.yaml": user("ada"),
        "triggers/morning.yaml": manifest(
            "Trigger", "morning", "agent: brief\nschedule: {cron: 0 9 * * mon-fri, timeZone: Europe/Berlin}"),
    ]

    @Test func `a field that goes has a default only where its kind says so`() throws {
        let before = manifest(
            "Agent", "a",
            "description: Old\nmodel: {provider: p, name: m, seed: 1}\nsystemPrompt: Hi\nlimits: {maxSteps: 3, maxTokens: 9}"
        ).replacing("{name: a}", with: "{name: a, protect: true, labels: {team: x}}")
        let after = manifest("Agent", "a", "model: {provider: p, name: m}\nsystemPrompt: Hi")
        let provider = manifest("Provider", "p", "type: openai")
        let text = PlanText.render(
            try plan(
                ["a.yaml": before, "p.yaml": provider], ["a.yaml": after, "p.yaml": provider],
                basis: Plan.Basis(revision: 1, commit: nil)), color: false)
        let gone = text.split(separator: "\n").filter { $0.hasPrefix("      - ") }.map { line in
            line.dropFirst(8).split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            gone == [
                #"metadata.labels.team = "x""#, "metadata.protect = true -> (default)", #"spec.description = "Old""#,
                "spec.limits.maxSteps = 3 -> (default)", "spec.limits.maxTokens = 9", "spec.model.seed = 1",
            ])
    }

    private func plan(
        _ before: [String: String], _ after: [String: String], basis: Plan.Basis, commit: String? = "a1b2c3d4e5f6a7b8",
        warnings: [Diagnostic] = []
    ) throws -> Plan {
        ApplyFixture.planner.plan(
            try ApplyFixture.catalog(after), commit: commit,
            applied: try ApplyFixture.catalog(before), basis: basis,
            asOf: ApplyFixture.start, warnings: warnings)
    }

    private static let basis = Plan.Basis(revision: 4, commit: "0123456789abcdef0123")

    @Test func `a plan from nothing`() throws {
        try compare(PlanText.render(try plan([:], Self.before, basis: .nothing), color: false), with: "first.txt")
    }

    @Test func `what is written before the plan is there is what is written after it`() throws {
        let many = Dictionary(
            (0..<600).map { ("people/p\($0).yaml", user("p\($0)")) }, uniquingKeysWith: { first, _ in first })
        let files = Self.before.merging(many) { first, _ in first }
        let plan = try plan([:], files, basis: .nothing)
        let texts = CreationTexts(try ApplyFixture.catalog(files))
        let ahead = PlanText.pieces(of: plan, color: false, texts: texts)
        #expect(String(decoding: ahead.joined(), as: UTF8.self) == PlanText.render(plan, color: false))
        // Not what it would say of another plan, or in colours.
        let other = try self.plan(Self.before, files, basis: Self.basis)
        let others = PlanText.pieces(of: other, color: false, texts: texts)
        #expect(String(decoding: others.joined(), as: UTF8.self) == PlanText.render(other, color: false))
        let colored = PlanText.pieces(of: plan, color: true, texts: texts)
        #expect(String(decoding: colored.joined(), as: UTF8.self) == PlanText.render(plan, color: true))
    }

    @Test func `a plan that creates, updates, deletes and moves`() throws {
        let plan = try plan(Self.before, Self.after, basis: Self.basis)
        try compare(PlanText.render(plan, color: false), with: "changes.txt")
        try compare(PlanText.render(plan, color: true), with: "changes-in-colour.txt")
        try compare(plan.json.prettyText + "\n", with: "changes.json")
    }

    @Test func `what is created says the same in colour and without`() throws {
        var files = Self.before
        files["tools/search.yaml"] = manifest(
            "Tool", "search",
            "description: \(String(repeating: "Looks things up. ", count: 12))\nhttp:\n  url: https://a.example/{{q}}\n"
                + "  headers: {X-Key: {env: KEY}, Accept: text/plain}\nparameters: {type: object, properties: {q: {type: string}}}"
        )
        files["users/eve.yaml"] =
            "apiVersion: writ/v1\nkind: User\nmetadata:\n  name: eve\n"
            + "  annotations: {\"10\": ten, \"9\": nine, a/b: c, \"\u{e9}\": \"\u{200b}x\"}\nspec: {displayName: \"E\\nve\"}\n"
        files["users/may.yaml"] =
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: may, labels: {}, annotations: {b-c: x, b: y}}\nspec: {}\n"
        let plan = try plan([:], files, basis: .nothing)
        let plain = PlanText.render(plan, color: false)
        let painted = PlanText.render(plan, color: true)
        #expect(painted.replacing(/\u{1B}\[[0-9]*m/, with: "") == plain)
        #expect(plain.contains("= (sensitive)"))
    }

    @Test func `a plan without changes`() throws {
        let warning = Diagnostic(
            .warning, .notActive, "`spec.role: admin` is read but not acted on",
            at: Place(path: "users/ada.yaml", mark: Mark(line: 5, column: 9)))
        let same = try plan(Self.before, Self.before, basis: Self.basis, warnings: [warning])
        try compare(PlanText.render(same, color: false), with: "unchanged.txt")
        var moved = Self.before
        moved["people/ada.yaml"] = moved.removeValue(forKey: "users/ada.yaml")
        try compare(
            PlanText.render(try plan(Self.before, moved, basis: Self.basis, commit: nil), color: false),
            with: "moved.txt")
    }

    @Test func `what would control a terminal is escaped everywhere (faults A19, B46, C71)`() throws {
        let hostile = "\"\\e[2J\\u202e\\u200bx\""
        let plan = try plan(
            ["a.yaml": user("a")],
            [
                "\u{1B}[31m\u{202E}.yaml": user("a", "displayName: \(hostile)"),
                "b.yaml": user("b", "email: \(hostile)"),
            ],
            basis: Self.basis)
        let text = PlanText.render(plan, color: false)
        for scalar in ["\u{1B}", "\u{202E}", "\u{200B}"] as [Unicode.Scalar] {
            #expect(!text.unicodeScalars.contains(scalar))
        }
        #expect(text.contains("\"\\u001b[2J\\u{202e}\\u{200b}x\""))
        #expect(text.contains("\\u{1b}[31m\\u{202e}.yaml:1:1"))
    }

    @Test func `a long value is cut, with its size`() throws {
        let plan = try plan(
            [:], ["a.yaml": user("a", "displayName: \(String(repeating: "x", count: 5_000))")], basis: .nothing)
        let line = try #require(
            PlanText.render(plan, color: false).split(separator: "\n").first { $0.contains("displayName") })
        #expect(line.count < 200)
        #expect(line.hasSuffix("… (5002 bytes)"))
    }

    @Test func `of two long values what differs is shown, in every form`() throws {
        let (head, tail) = (String(repeating: "same ", count: 600), String(repeating: " rest", count: 600))
        func files(_ word: String) -> [String: String] {
            [
                "a.yaml": user("a", "displayName: '\(head)\(word)'"),
                "b.yaml": user("b", "displayName: '\(head)\(word)\(tail)'"),
                "p.yaml": manifest("Prompt", "p", "template: {file: p.md}"),
                "p.md": "One\n\(head)\(word)\(tail)\nTwo\n",
            ]
        }
        let plan = try plan(files("old"), files("new"), basis: Self.basis)
        let text = PlanText.render(plan, color: false)
        let (old, new) = ("\"…ame same same same same old\"", "\"…ame same same same same new\"")
        #expect(text.contains("\(old) (3005 bytes) -> \(new) (3005 bytes)"))
        #expect(text.contains("same old rest rest rest rest res… (6005 bytes) -> \"…ame same same same same new rest"))
        let markdown = PlanMarkdown(path: "", command: "writ plan", limit: .comment).render(plan)
        #expect(markdown.contains("- spec.displayName: \"…ame same same same same old\" (3005 bytes)"))
        #expect(markdown.contains("+ spec.displayName: \"…ame same same same same new\" (3005 bytes)"))
        #expect(markdown.contains("-…ame same same same same old rest"))
        #expect(markdown.contains("+…ame same same same same new rest"))
    }

    @Test func `the object of a rejected commit holds its errors and no change`() {
        let place = Place(path: "a.yaml", mark: Mark(line: 1, column: 2))
        let json = Plan.rejected(
            commit: "a1", basis: .nothing, asOf: ApplyFixture.start,
            diagnostics: [
                Diagnostic(.error, .badValue, "this is wrong", at: place),
                Diagnostic(.warning, .notActive, "this rests", at: place),
            ])
        #expect(json["formatVersion"] == "1")
        #expect(json["changes"] == [])
        #expect(json["diagnostics"]?.array?.compactMap { $0["code"] } == ["bad-value"])
        #expect(json["warnings"]?.array?.compactMap { $0["code"] } == ["not-active"])
        #expect(json["digest"] == nil)
    }
}
