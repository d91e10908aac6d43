import Apply
import Spec
import Testing
import Values

@Suite struct RenameTests {
    private static let prompt = (1...12).map { "Sentence number \($0) of what it shall do.\n" }.joined()

    private func prompts(_ texts: [String: String], former: [String: String] = [:]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: texts.map { name, text in
                let lines = text.split(separator: "\n").map { "    \($0)\n" }.joined()
                let metadata = former[name].map { "{name: \(name), renamedFrom: \($0)}" } ?? "{name: \(name)}"
                return (
                    "\(name).yaml",
                    "apiVersion: writ/v1\nkind: Prompt\nmetadata: \(metadata)\nspec:\n  template: |\n\(lines)"
                )
            })
    }

    private func plan(_ before: [String: String], _ after: [String: String]) throws -> Plan {
        ApplyFixture.planner.plan(
            try ApplyFixture.catalog(after), commit: "a1", applied: try ApplyFixture.catalog(before),
            basis: Plan.Basis(revision: 3, commit: "b0"), asOf: ApplyFixture.start)
    }

    @Test func `a manifest says what it was called, however much else changed`() throws {
        let plan = try plan(prompts(["a": "One"]), prompts(["b": "Two"], former: ["b": "a"]))
        #expect(plan.summary == ["rename Prompt/b"])
        #expect(plan.changes.first?.formerID == ResourceID(kind: .prompt, name: "a"))
        #expect(plan.changes.first?.fields.map(\.label) == ["spec.template"])
        #expect(plan.json["changes"]?[0]?["renamedFrom"] == "a")
        #expect(plan.json["summary"]?["rename"]?.int == 1)
        let text = PlanText.render(plan, color: false)
        #expect(text.contains("~ Prompt/a -> Prompt/b  b.yaml:1:1  # Prompt/a before, as its renamedFrom says"))
        #expect(text.contains("Plan: 0 to create, 0 to update, 1 to rename, 0 to delete; 0 unchanged."))
        #expect(plan.problems.isEmpty)
    }

    @Test func `a rename to the name of another one that goes is refused, with the way to do it`() throws {
        let other = (1...12).map { "Another \($0), quite unlike it.\n" }.joined()
        let before = prompts(["a": Self.prompt, "b": other])
        let plan = try plan(before, prompts(["b": Self.prompt], former: ["b": "a"]))
        #expect(plan.problems.map(\.code) == [.renameConflict])
        #expect(
            plan.problems.first?.message
                == "Prompt/a is to become Prompt/b, which is in force as another resource and would go on as this one")
        #expect(plan.problems.first?.place.description == "b.yaml:3:34")
        // Also where nothing else is changed.
        #expect(
            try self.plan(before, prompts(["b": other], former: ["b": "a"])).problems.map(\.code) == [.renameConflict])
        // One after the other, and where it is not said.
        #expect(try self.plan(before, prompts(["a": Self.prompt])).problems.isEmpty)
        #expect(
            try self.plan(prompts(["a": Self.prompt]), prompts(["b": Self.prompt], former: ["b": "a"])).summary
                == ["rename Prompt/b"])
        #expect(try self.plan(before, prompts(["b": Self.prompt])).problems.isEmpty)
    }

    @Test func `the same content under another name is found`() throws {
        let plan = try plan(prompts(["a": Self.prompt]), prompts(["b": Self.prompt]))
        #expect(plan.summary == ["rename Prompt/b"])
        #expect(plan.changes.first?.reason == "Prompt/a before, found by its content (the same but for its name)")
        #expect(plan.changes.first?.fields.isEmpty == true)
    }

    @Test func `content that changed a little is found, content that changed much is not`() throws {
        let little = Self.prompt.replacing("number 3 ", with: "number three ")
        #expect(try plan(prompts(["a": Self.prompt]), prompts(["b": little])).summary == ["rename Prompt/b"])
        let much = (1...12).map { $0 < 5 ? "Sentence number \($0) of what it shall do.\n" : "Other \($0).\n" }.joined()
        #expect(
            try plan(prompts(["a": Self.prompt]), prompts(["b": much])).summary == [
                "delete Prompt/a", "create Prompt/b",
            ])
    }

    @Test func `resources that say next to nothing are not taken for one another`() throws {
        let plan = try plan(["a.yaml": user("a", "displayName: X")], ["b.yaml": user("b", "displayName: X")])
        #expect(plan.summary == ["delete User/a", "create User/b"])
    }

    @Test func `two triggers of the same content but for the time are told apart`() throws {
        let parts = [
            "p.yaml": manifest("Provider", "openai", "type: openai"),
            "brief.yaml": manifest("Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi"),
        ]
        func files(_ names: [String: String]) -> [String: String] {
            parts.merging(
                names.map { ("\($0).yaml", manifest("Trigger", $0, "agent: brief\nschedule: {cron: '\($1)'}")) }
            ) { old, _ in old }
        }
        let plan = try plan(
            files(["one": "0 9 * * *", "two": "0 17 * * *"]), files(["morning": "0 9 * * *", "evening": "0 17 * * *"]))
        #expect(plan.summary == ["rename Trigger/evening", "rename Trigger/morning"])
        #expect(plan.changes.map(\.formerID?.name) == ["two", "one"])
    }

    @Test func `a former name that nobody had keeps nothing from being found, and a slip is refused`() throws {
        let found = try plan(prompts(["a": Self.prompt]), prompts(["b": Self.prompt], former: ["b": "long-ago"]))
        #expect(found.summary == ["rename Prompt/b"])
        #expect(found.problems.isEmpty)
        // What is done is not what the manifest says.
        let warning = try #require(found.warnings.first)
        #expect(warning.severity == .warning && warning.code == .unknownFormerName)
        #expect(
            warning.message == "Prompt/b is to be the former Prompt/long-ago, which is not in force, and goes on from"
                + " Prompt/a, found by its content")
        #expect(warning.place.description == "b.yaml:3:34")
        #expect(warning.fix == "write `renamedFrom: a`, or remove the line")
        let slip = try plan(
            prompts(["archive": "One", "other": "Two"]), prompts(["b": "Three"], former: ["b": "archiv"]))
        #expect(slip.problems.map(\.code) == [.renameAmbiguous])
        #expect(slip.problems.first?.fix?.contains("did you mean `renamedFrom: archive`?") == true)
        // The last of two renames that come at once, or from long ago: nothing tells, and one would be deleted.
        let other = try plan(prompts(["archive": "One"]), prompts(["b": "Three"], former: ["b": "long-ago"]))
        #expect(other.problems.first?.message.hasSuffix("not in force, and Prompt/archive would be deleted") == true)
        #expect(other.problems.first?.fix?.contains("did you mean `renamedFrom: archive`?") == true)
        // Where nothing goes, nothing is lost.
        let kept = prompts(["archive": "One", "b": "Three"], former: ["b": "long-ago"])
        #expect(try plan(prompts(["archive": "One"]), kept).problems.isEmpty)
    }

    @Test func `of very many, renames are still found, and too many to tell are refused`() throws {
        func many(_ count: Int, _ name: String, lines: Int = 6, changed: Bool) -> [String: String] {
            prompts(
                Dictionary(
                    uniqueKeysWithValues: (1...count).map { number in
                        let lines = (1...lines).map { "What job \(number) does in step \($0 * number).\n" }.joined()
                        return ("\(name)\(number)", lines + (changed ? "And more.\n" : "And less.\n"))
                    }))
        }
        let some = try plan(many(110, "old", changed: false), many(110, "new", changed: true))
        #expect(some.count(.rename) == 110)
        let crowd = try plan(
            many(1_001, "old", lines: 1, changed: false), many(1_001, "new", lines: 1, changed: true))
        #expect(crowd.problems.map(\.code) == [.renameAmbiguous])
        #expect(crowd.problems.first?.message.contains("1001 new and 1001 former resources of kind Prompt") == true)
    }

    @Test func `of several that it may have been, the one that stood there is named first`() throws {
        let text = Self.prompt
        func files(_ names: [String], _ line: String) -> [String: String] {
            ["all.yaml": names.map { prompts([$0: text + line]).values.joined() }.joined(separator: "---\n")]
        }
        let plan = try plan(files(["a", "b", "c", "d"], "One\n"), files(["w", "x", "y", "z"], "Two\n"))
        #expect(plan.problems.count == 4)
        let names = plan.problems.compactMap { $0.fix.map { $0.prefix(21) } }
        #expect(Set(names).count == 4, "\(names)")
    }

    @Test func `what may have been either of two is refused, with the line to add`() throws {
        let plan = try plan(
            prompts(["a": Self.prompt + "A.\n", "b": Self.prompt + "B.\n"]), prompts(["c": Self.prompt + "C.\n"]))
        #expect(plan.problems.map(\.code) == [.renameAmbiguous])
        let problem = try #require(plan.problems.first)
        #expect(problem.message == "Prompt/c may be the former Prompt/a or Prompt/b")
        #expect(problem.fix?.hasPrefix("add `renamedFrom: a` to the metadata") == true)
        #expect(problem.place.description == "c.yaml:3:18")
        #expect(plan.json["diagnostics"]?.array?.map { $0["code"] } == ["rename-ambiguous", "brake"])
        let said = try self.plan(
            prompts(["a": Self.prompt + "A.\n", "b": Self.prompt + "B.\n"]),
            prompts(["c": Self.prompt + "C.\n"], former: ["c": "b"]))
        #expect(said.problems.isEmpty)
        #expect(said.summary == ["delete Prompt/a", "rename Prompt/c"])
    }

    @Test func `what may have become either of two is refused`() throws {
        let plan = try plan(
            prompts(["a": Self.prompt]), prompts(["b": Self.prompt + "B.\n", "c": Self.prompt + "C.\n"]))
        #expect(plan.problems.map(\.code) == [.renameAmbiguous])
    }

    @Test func `a line that stays after the rename changes nothing`() throws {
        let files = prompts(["b": "Two"], former: ["b": "a"])
        #expect(try plan(files, files).isEmpty)
        #expect(try plan([:], files).changes.map(\.reason) == ["not in revision 3, nor is Prompt/a"])
    }

    @Test func `other kinds are never the same resource`() throws {
        let tool = manifest(
            "Tool", "a", "description: \(String(repeating: "x", count: 80))\nhttp: {url: https://a.example}")
        #expect(
            try plan(["a.yaml": tool], prompts(["a": Self.prompt])).summary == ["create Prompt/a", "delete Tool/a"])
    }

    @Test func `a thousand renames at once are each found by their content`() throws {
        let names = (0..<1_000).map { "p\($0)" }
        let before = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.prompt + "Its own line \($0).\n") })
        let after = Dictionary(uniqueKeysWithValues: names.map { ("q" + $0, Self.prompt + "Its own line \($0).\n") })
        let plan = try plan(prompts(before), prompts(after))
        #expect(plan.count(.rename) == 1_000)
        #expect(plan.problems.isEmpty)
    }
}
