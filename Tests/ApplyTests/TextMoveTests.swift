import Apply
import Spec
import State
import Testing
import Values

/// Where a text stands is no part of what a resource does.
@Suite("Texts that move")
struct TextMoveTests {
    private static let provider = manifest("Provider", "p", "type: openai")

    private static func agent(_ prompt: String, _ more: String = "", name: String = "a") -> String {
        manifest("Agent", name, "model: {provider: p, name: m}\nsystemPrompt: \(prompt)\n\(more)")
    }

    private static let old = [
        "p.yaml": provider, "old/agents/a.yaml": agent("{file: ../prompts/a.md}"), "old/prompts/a.md": "Be brief.",
    ]
    private static let moved = [
        "p.yaml": provider, "new/agents/a.yaml": agent("{file: ../prompts/a.md}"), "new/prompts/a.md": "Be brief.",
    ]

    private func plan(_ before: [String: String], _ after: [String: String]) throws -> Plan {
        ApplyFixture.planner.plan(
            try ApplyFixture.catalog(after), commit: "a1", applied: try ApplyFixture.catalog(before),
            basis: Plan.Basis(revision: 3, commit: "b0"), asOf: ApplyFixture.start)
    }

    @Test func `a directory that moves with the texts of its manifests is no change`() throws {
        let plan = try plan(Self.old, Self.moved)
        #expect(plan.isEmpty && plan.shifts.isEmpty)
        #expect(plan.unchanged == 2)
        #expect(plan.digest == (try self.plan(Self.old, Self.old)).digest)
        #expect(
            plan.json["moves"] == [
                [
                    "kind": "Agent", "name": "a", "from": "old/agents/a.yaml", "path": "new/agents/a.yaml", "line": 1,
                    "texts": [
                        ["field": "/spec/systemPrompt", "from": "old/prompts/a.md", "path": "new/prompts/a.md"]
                    ],
                ]
            ])
        let text = PlanText.render(plan, color: false)
        #expect(text.contains("1 of its resources stands in another file"), "\(text)")
        #expect(
            text.contains(
                "  > Agent/a  old/agents/a.yaml -> new/agents/a.yaml, spec.systemPrompt old/prompts/a.md -> new/prompts/a.md"
            ), "\(text)")
    }

    @Test func `a text that moves from under its manifest, into a file or out of it is no change`() throws {
        let elsewhere = [
            "p.yaml": Self.provider, "old/agents/a.yaml": Self.agent("{file: ../../a.md}"), "a.md": "Be brief.",
        ]
        let inline = ["p.yaml": Self.provider, "old/agents/a.yaml": Self.agent("Be brief.")]
        let plans = [try plan(Self.old, elsewhere), try plan(inline, Self.old), try plan(Self.old, inline)]
        for plan in plans { #expect(plan.isEmpty && plan.moves.count == 1, "\(plan.summary)") }
        #expect(
            plans.map { $0.moves.first?.texts.map { [$0.from, $0.to] } } == [
                [["old/prompts/a.md", "a.md"]], [[nil, "old/prompts/a.md"]], [["old/prompts/a.md", nil]],
            ])
        let text = PlanText.render(plans[1], color: false)
        #expect(text.contains("1 of its resources has a text in another file"), "\(text)")
        #expect(text.contains("> Agent/a  spec.systemPrompt (in the manifest) -> old/prompts/a.md"), "\(text)")
    }

    @Test func `a recorded answer of a provider may move too`() throws {
        func files(_ path: String) -> [String: String] {
            ["p.yaml": manifest("Provider", "p", "type: replay\ntranscripts: \(path)"), path: "{}\n"]
        }
        let plan = try plan(files("a.jsonl"), files("b/a.jsonl"))
        #expect(plan.isEmpty && plan.moves.first?.texts.map(\.to) == ["b/a.jsonl"], "\(plan.summary)")
    }

    @Test func `what says something else besides is an update, and says both`() throws {
        var edited = Self.moved
        edited["new/prompts/a.md"] = "Be long."
        let plan = try plan(Self.old, edited)
        #expect(plan.summary == ["update Agent/a"])
        #expect(plan.changes.first?.fields.map(\.label) == ["spec.systemPrompt.file", "spec.systemPrompt.text"])
        edited = Self.moved
        edited["new/agents/a.yaml"] = Self.agent("{file: ../prompts/a.md}", "suspend: true")
        #expect(try self.plan(Self.old, edited).summary == ["update Agent/a"])
    }

    @Test func `a mapping of a body that looks like an included file is none`() throws {
        func tool(_ file: String) -> [String: String] {
            [
                "t.yaml": manifest(
                    "Tool", "t",
                    "description: Sends\nhttp: {url: 'https://example.com', method: POST, body: {file: \(file), text: same}}"
                )
            ]
        }
        let plan = try plan(tool("a"), tool("b"))
        #expect(plan.summary == ["update Tool/t"])
        #expect(plan.changes.first?.fields.map(\.label) == ["spec.http.body.file"])
    }

    @Test func `applying records where texts stand without a revision, and the next plan is clean`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.old)
        #expect(try fixture.apply(Self.moved, at: 60).revision == nil)
        let reader = fixture.store.reader
        let state = try reader.appliedState()
        let declared = try ApplyFixture.catalog(Self.moved)
        #expect(state.revision?.number == 1)
        #expect(state.catalog.resources.map(\.manifest) == declared.resources.map(\.manifest))
        #expect(state.catalog.resources.map(\.digest) == declared.resources.map(\.digest))
        #expect(state.catalog.resources.map(\.place) == declared.resources.map(\.place))
        #expect(try reader.lastAlteration() == nil && reader.alteredResources().isEmpty)
        let next = try fixture.plan(Self.moved, at: 120)
        #expect(next.isEmpty && next.moves.isEmpty && next.shifts.isEmpty)
        #expect(try reader.changes(of: Agent.id("a"), Page(limit: 9)).items.map(\.revision) == [1])
    }

    @Test func `beside another change only that is the revision's`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.old)
        #expect(try fixture.apply(Self.moved.merging(["u.yaml": user("u")]) { $1 }, at: 60).revision == 2)
        let reader = fixture.store.reader
        #expect(try reader.changes(of: 2).map(\.id) == [User.id("u")])
        let agent = try #require(try reader.resource(Agent.id("a")))
        #expect(agent.sinceRevision == 1)
        #expect(agent.manifest.value(atPath: "spec.systemPrompt.file") == "new/prompts/a.md")
        #expect(try reader.lastAlteration() == nil)
    }

    @Test func `a move of what is not as the plan saw it is refused`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.old)
        let stale = try fixture.plan(Self.moved, at: 60)
        try fixture.apply(Self.old.merging(["old/prompts/a.md": "Be long."]) { $1 }, at: 90)
        let error = #expect(throws: StateError.self) { try fixture.apply(stale, at: 120) }
        #expect(error?.code == .moved([Agent.id("a")]))
        #expect(
            try fixture.store.reader.resource(Agent.id("a"))?.manifest.value(atPath: "spec.systemPrompt.text")
                == "Be long.")
    }

    @Test func `what was changed before a move is taken back after it, and what only moved is not in the way`() throws {
        let fixture = try ApplyFixture()
        let planner = UndoPlanner(fixture.store.reader, zones: ApplyFixture.zones)
        try fixture.apply(Self.old.merging(["old/prompts/a.md": "Be long."]) { $1 })
        try fixture.apply(Self.old.merging(["u.yaml": user("u")]) { $1 }, at: 60)
        try fixture.apply(Self.moved.merging(["u.yaml": user("u")]) { $1 }, at: 120)
        let undo = try planner.undo(.revision(2), asOf: ApplyFixture.start)
        #expect(undo.plan.summary == ["update Agent/a", "delete User/u"])
        try fixture.apply(Self.moved.merging(["v.yaml": user("v")]) { $1 }, at: 180)
        try fixture.apply(Self.moved.merging(["u.yaml": user("u")]) { $1 }, at: 240)
        // Back to what revision 2 made of both, in another place.
        #expect(
            try planner.undo(.revision(2), asOf: ApplyFixture.start).plan.summary
                == ["update Agent/a", "delete User/u"])
    }

    @Test func `what is taken back stands where it stands now, if it moved since`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.old.merging(["old/prompts/a.md": "Be long."]) { $1 })
        try fixture.apply(Self.old, at: 60)
        try fixture.apply(Self.moved, at: 120)
        try takeBack(.revision(2), fixture, at: 180)
        let agent = try #require(try fixture.store.reader.resource(Agent.id("a")))
        #expect(agent.manifest.value(atPath: "spec.systemPrompt.text") == "Be long.")
        #expect(agent.manifest.value(atPath: "spec.systemPrompt.file") == "new/prompts/a.md")
        #expect(agent.place.path == "new/agents/a.yaml")
        #expect(agent.digest == Digest(of: agent.manifest.canonicalBytes))
        // The repository that says it at this place differs by nothing.
        #expect(try fixture.plan(Self.moved.merging(["new/prompts/a.md": "Be long."]) { $1 }, at: 240).isEmpty)
        // And that can be taken back as well.
        try takeBack(.revision(3), fixture, at: 300)
        #expect(try fixture.plan(Self.moved, at: 360).isEmpty)
    }

    @Test func `what the change itself put elsewhere goes back to where it was`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.old.merging(["old/prompts/a.md": "Be long."]) { $1 })
        try fixture.apply(Self.moved, at: 60)
        try takeBack(.revision(2), fixture, at: 120)
        let agent = try #require(try fixture.store.reader.resource(Agent.id("a")))
        #expect(agent.manifest.value(atPath: "spec.systemPrompt.file") == "old/prompts/a.md")
        #expect(agent.place.path == "old/agents/a.yaml")
    }

    @Test func `a manifest that was renamed and moved with its text goes back with it, also below later revisions`()
        throws
    {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.old)
        let renamed = [
            "p.yaml": Self.provider, "new/agents/b.yaml": Self.agent("{file: ../prompts/b.md}", name: "b"),
            "new/prompts/b.md": "Be brief.",
        ]
        try fixture.apply(renamed, at: 60)
        try fixture.apply(renamed.merging(["u.yaml": user("u")]) { $1 }, at: 120)
        try takeBack(.revision(2), fixture, at: 180)
        let agent = try #require(try fixture.store.reader.resource(Agent.id("a")))
        #expect(agent.manifest.value(atPath: "spec.systemPrompt.file") == "old/prompts/a.md")
        #expect(agent.place.path == "old/agents/a.yaml")
    }

    @Test func `a manifest without texts goes back to where it was, if no other commit was followed since`() throws {
        let before = ["old/u.yaml": user("u")]
        let change = ["new/u.yaml": user("u", "role: admin")]
        for (then, place) in [(nil, "old/u.yaml"), (["newer/u.yaml": user("u", "role: admin")], "newer/u.yaml")] {
            let fixture = try ApplyFixture()
            try fixture.apply(before)
            try fixture.apply(change, at: 60)
            if let then { try fixture.apply(fixture.plan(then, commit: "c1", at: 120), commit: "c1", at: 120) }
            try takeBack(.revision(2), fixture, at: 180)
            #expect(try fixture.store.reader.resource(User.id("u"))?.place.path == place)
        }
    }

    @Test func `a text that was taken out of the manifest since comes back into its file, and the other way round`()
        throws
    {
        let inline = ["p.yaml": Self.provider, "old/agents/a.yaml": Self.agent("Be brief.")]
        let long = ["p.yaml": Self.provider, "old/agents/a.yaml": Self.agent("Be long.")]
        for (before, then, now) in [
            (long, inline, Self.old),
            (Self.old.merging(["old/prompts/a.md": "Be long."]) { $1 }, Self.old, inline),
        ] {
            let fixture = try ApplyFixture()
            try fixture.apply(before)
            try fixture.apply(then, at: 60)
            try fixture.apply(now, at: 120)
            try takeBack(.revision(2), fixture, at: 180)
            let agent = try #require(try fixture.store.reader.resource(Agent.id("a")))
            let prompt = agent.manifest.value(atPath: "spec.systemPrompt")
            #expect(prompt == (now == inline ? "Be long." : ["file": "old/prompts/a.md", "text": "Be long."]))
        }
    }

    private func takeBack(_ target: UndoTarget, _ fixture: ApplyFixture, at seconds: Int64) throws {
        let now = Instant(seconds: ApplyFixture.start.seconds + seconds)
        let undo = try UndoPlanner(fixture.store.reader, zones: ApplyFixture.zones).undo(target, asOf: now)
        try #require(
            try Applier(fixture.store, zones: ApplyFixture.zones).undo(undo, actor: "ada", at: now).revision != nil)
    }
}
