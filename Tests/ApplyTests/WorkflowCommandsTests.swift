import Apply
import Spec
import Testing
import Values

/// What GitHub Actions reads from the log of a step.
@Suite struct WorkflowCommandsTests {
    private func problem(_ severity: Diagnostic.Severity, _ number: Int) -> Diagnostic {
        Diagnostic(
            severity, severity == .error ? .badValue : .notActive, "wrong \(number)",
            at: Place(path: "a.yaml", mark: Mark(line: number + 1, column: 3)))
    }

    private func lines(_ text: String, _ prefix: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.hasPrefix(prefix) }
    }

    @Test func `a problem stands at its line`() {
        let diagnostic = Diagnostic(
            .error, .unknownField, "unknown field `temprature`",
            at: Place(path: "agents/brief.yaml", mark: Mark(line: 12, column: 44)), fix: "did you mean `temperature`?")
        #expect(
            WorkflowCommands.annotations([diagnostic])
                == "::error file=agents/brief.yaml,line=12,col=44,title=unknown-field::"
                + "unknown field `temprature`%0Afix: did you mean `temperature`?\n")
    }

    @Test func `what would end a property or a message is escaped`() {
        let place = Place(path: "100%,a:b\n::add-mask::x.yaml", mark: .start)
        #expect(
            WorkflowCommands.command(.warning, "50%\r\n::stop-commands::x, y: z", at: place)
                == "::warning file=100%25%2Ca%3Ab%0A%3A%3Aadd-mask%3A%3Ax.yaml,line=1,col=1"
                + "::50%25%0D%0A::stop-commands::x, y: z\n")
        #expect(WorkflowCommands.command(.notice, "a", at: Place(path: "", mark: .start)) == "::notice::a\n")
        #expect(WorkflowCommands.command(.notice, "a\u{1b}[31m\u{202e}") == "::notice::a\\u{1b}[31m\\u{202e}\n")
    }

    @Test func `of each kind there are at most ten, and the rest is in the log`() {
        let text = WorkflowCommands.annotations(
            (0..<14).map { problem(.warning, $0) } + (0..<12).map { problem(.error, $0) }, warnings: ["deletes all"],
            notices: ["a", "b"])
        #expect(lines(text, "::error").count == 10)
        #expect(lines(text, "::warning").count == 10)
        #expect(lines(text, "::warning").first == "::warning title=writ::deletes all")
        #expect(lines(text, "a.yaml:").count == 7)
        #expect(
            lines(text, "::notice") == [
                "::notice title=writ::7 more problems: see the log of this step", "::notice title=writ::a",
                "::notice title=writ::b",
            ])
    }

    @Test func `no text of a plan is read as a command (fault C71)`() throws {
        func files(_ text: String) -> [String: String] {
            ["a.yaml": manifest("Prompt", "a", "template: {file: a.md}"), "a.md": text]
        }
        let hostile = "::add-mask::x\n  ::stop-commands::x\n##[group]x\nlast\n"
        let plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(files(hostile + "more\n")), commit: nil,
            applied: try ApplyFixture.catalog(files(hostile)), basis: .nothing, asOf: ApplyFixture.start)
        let text = WorkflowCommands.group("Plan", PlanText.render(plan, color: false))
        let commands = text.split(separator: "\n").filter { $0.trimmingPrefix { $0 == " " }.hasPrefix("::") }
        #expect(commands == ["::group::Plan", "::endgroup::"])
        #expect(!text.contains("##["))
        #expect(text.contains("\\u{3a}:stop-commands::x"))
        #expect(text.contains("#\\u{23}[group]x"))
    }

    @Test func `a plan is a notice, and what it deletes a warning`() throws {
        let plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(["c.yaml": user("c")]), commit: nil,
            applied: try ApplyFixture.catalog(["a.yaml": user("a"), "b.yaml": user("b")]),
            basis: Plan.Basis(revision: 1, commit: nil), asOf: ApplyFixture.start,
            brakes: Brakes(allowedDeletes: [2]))
        #expect(
            WorkflowCommands.annotations(plan) == """
                ::warning title=writ::deletes 2 resources: User/a, User/b
                ::notice title=writ::Plan: 1 to create, 0 to update, 2 to delete; 0 unchanged.

                """)
    }

    @Test func `what keeps a plan from being applied is an error: a brake, and where the commit is from`() throws {
        var plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(["c.yaml": user("c")]), commit: nil,
            applied: try ApplyFixture.catalog(["a.yaml": user("a"), "b.yaml": user("b")]),
            basis: Plan.Basis(revision: 1, commit: nil), asOf: ApplyFixture.start)
        plan.hindrance = "it is not signed"
        let lines = WorkflowCommands.annotations(plan).split(separator: "\n")
        #expect(lines.first == "::error title=writ::It would not be applied: it is not signed")
        #expect(lines.contains { $0.hasPrefix("::error") && $0.contains("deletes all 2 of kind User") })
        #expect(plan.json["hindrance"]?.string == "it is not signed")
    }
}
