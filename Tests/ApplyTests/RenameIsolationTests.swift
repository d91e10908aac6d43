import Apply
import Spec
import State
import TestSupport
import Testing
import Values

/// What a manifest with a mistake may mean under another name is kept under its former one until that is mended.
@Suite struct RenameIsolationTests {
    private let base: [String: String] = [
        "p.yaml": manifest("Provider", "p", "type: ollama"),
        "a.yaml": agent("a"),
        "spare.yaml": agent("spare", "description: Nobody uses it"),
        "t.yaml": trigger("t", 8),
        "k.yaml": trigger("k", 9),
        "both.yaml": trigger("one", 10) + "---\n" + trigger("two", 11),
    ]

    private static func agent(_ name: String, _ more: String = "") -> String {
        manifest("Agent", name, "model: {provider: p, name: m}\nsystemPrompt: Be brief\n\(more)")
    }

    /// - Parameters:
    ///   - typo: a field that no trigger has
    ///   - former: what `renamedFrom` says
    private static func trigger(_ name: String, _ hour: Int, typo: Bool = false, from former: String? = nil) -> String {
        let spec = "agent: a\ndescription: Brief \(hour)\nschedule: {cron: \"0 \(hour) * * *\"}"
        return manifest("Trigger", name, typo ? spec.replacing("description", with: "descripton") : spec)
            .replacing("{name: \(name)}", with: "{name: \(name)\(former.map { ", renamedFrom: \($0)" } ?? "")}")
    }

    private func isolate(_ edits: [String: String?]) throws -> Isolation {
        var files = base
        for (path, text) in edits { files[path] = text }
        let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(MemorySnapshot(files))
        #expect(!loaded.isValid)
        return try #require(Isolation(loaded, applied: try ApplyFixture.catalog(base)))
    }

    private func deleted(_ isolation: Isolation) throws -> [String] {
        try ApplyFixture.catalog(base).resources.map(\.id).filter { !isolation.catalog.contains($0) }.map(\.description)
    }

    /// What becomes of the trigger `t` in `t.yaml`.
    private static let slips: [String: [String: String?]] = [
        "said, in another file": ["t.yaml": nil, "new.yaml": trigger("new", 8, typo: true, from: "t")],
        "in another file": ["t.yaml": nil, "new.yaml": trigger("new", 8, typo: true)],
        "in the same file": ["t.yaml": trigger("new", 8, typo: true)],
        "to a name that is there": ["t.yaml": trigger("k", 8)],
        "to a name that is there, in another file": ["t.yaml": nil, "new.yaml": trigger("k", 8)],
        "to a name that is there, in a file that is read first": ["t.yaml": nil, "0.yaml": trigger("k", 8)],
        "to a name that is there, with a typo": ["t.yaml": trigger("k", 8, typo: true)],
        "to another kind": ["t.yaml": trigger("t", 8).replacing("kind: Trigger", with: "kind: Tool")],
        "to another kind in another file": [
            "t.yaml": nil, "new.yaml": trigger("t", 8).replacing("kind: Trigger", with: "kind: Tool"),
        ],
        "with a former name that nobody has": [
            "t.yaml": nil, "new.yaml": trigger("new", 8, typo: true, from: "teh"),
        ],
        "with a secret in it": [
            "t.yaml": nil,
            "new.yaml": trigger("new", 8).replacing("Brief 8", with: "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
        ],
    ]

    @Test(arguments: slips.keys.sorted())
    func `a trigger whose new name stands in a broken manifest goes on`(slip: String) throws {
        let isolation = try isolate(try #require(Self.slips[slip]))
        #expect(try deleted(isolation) == [])
        #expect(isolation.catalog[Trigger.id("new")] == nil)
        let stale = try #require(isolation.stale.first { $0.id == Trigger.id("t") })
        #expect(stale.isApplied && !stale.diagnostics.isEmpty)
        #expect(stale.diagnostics.allSatisfy { $0.code == .renameConflict && $0.place.path != "k.yaml" }, "\(stale)")
    }

    @Test func `an agent that nothing uses goes on as well`() throws {
        let broken = Self.agent("reserve", "descripton: Nobody uses it")
        #expect(try deleted(try isolate(["spare.yaml": nil, "reserve.yaml": broken])) == [])
        let said = broken.replacing("{name: reserve}", with: "{name: reserve, renamedFrom: spare}")
        let isolation = try isolate(["spare.yaml": nil, "reserve.yaml": said])
        #expect(
            isolation.stale.flatMap(\.diagnostics).map(\.message).contains(
                "Agent/spare is kept, because Agent/reserve, which it becomes, is not applied"))
    }

    @Test func `what names the new name waits, and goes on with the former one`() throws {
        let isolation = try isolate([
            "a.yaml": nil, "b.yaml": Self.agent("b", "descripton: No"),
            "t.yaml": Self.trigger("t", 8).replacing("agent: a", with: "agent: b"),
            "k.yaml": Self.trigger("k", 9).replacing("agent: a", with: "agent: b"),
            "both.yaml": (Self.trigger("one", 10) + "---\n" + Self.trigger("two", 11)).replacing(
                "agent: a", with: "agent: b"),
        ])
        #expect(try deleted(isolation) == [])
        #expect(isolation.catalog[Trigger.id("t")]?.manifest["spec"]?["agent"] == "a")
        #expect(isolation.stale.map(\.id.name) == ["a", "b", "k", "one", "t", "two"])
    }

    @Test func `a manifest that says what it was keeps nothing else`() throws {
        let isolation = try isolate(["t.yaml": nil, "k.yaml": Self.trigger("new", 8, typo: true, from: "t")])
        #expect(try deleted(isolation) == ["Trigger/k"])
    }

    @Test func `a mistake in what is in force where it was keeps nothing else`() throws {
        #expect(try deleted(try isolate(["t.yaml": nil, "k.yaml": Self.trigger("k", 9, typo: true)])) == ["Trigger/t"])
        #expect(try deleted(try isolate(["both.yaml": Self.trigger("one", 10, typo: true)])) == ["Trigger/two"])
    }

    @Test func `a new manifest that is not like what is gone keeps nothing`() throws {
        let other = Self.trigger("new", 6, typo: true).replacing("agent: a", with: "agent: spare")
        #expect(try deleted(try isolate(["t.yaml": nil, "new.yaml": other])) == ["Trigger/t"])
        // Of several that are broken, the one that is like it is named.
        let isolation = try isolate([
            "t.yaml": nil, "new.yaml": other, "t8.yaml": Self.trigger("t8", 8, typo: true),
        ])
        #expect(try deleted(isolation) == [])
        let why = isolation.stale.filter { $0.id == Trigger.id("t") }.flatMap(\.diagnostics)
        #expect(why.map(\.place.path) == ["t8.yaml"])
    }

    @Test func `what says too little to be told from others is kept`() throws {
        let empty = manifest("Trigger", "new", "agent: a")
        #expect(try deleted(try isolate(["t.yaml": nil, "new.yaml": empty])) == [])
        let nothing = "apiVersion: writ/v1\nkind: Trigger\nmetadata: {name: new}\nspec: none\n"
        #expect(try deleted(try isolate(["t.yaml": nil, "new.yaml": nothing])) == [])
    }

    @Test func `texts in files of their own are compared, and one that is not there may be the same`() throws {
        let prompt = "You write the brief of the day.\nNever longer than a page.\nName your sources.\n"
        func agent(_ name: String, _ file: String, _ more: String = "") -> String {
            Self.agent(name, more).replacing("Be brief", with: "{file: \(file)}")
        }
        let base = base.merging(["w.yaml": agent("w", "w.md"), "w.md": prompt]) { _, new in new }
        let applied = try ApplyFixture.catalog(base)
        func isKept(_ edits: [String: String]) throws -> Bool {
            var files = base.merging(edits) { _, new in new }
            files["w.yaml"] = nil
            let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(MemorySnapshot(files))
            return try #require(Isolation(loaded, applied: applied)).catalog.contains(Agent.id("w"))
        }
        #expect(try isKept(["x.yaml": agent("x", "x.md", "maxStep: 3"), "x.md": prompt]))
        #expect(try isKept(["x.yaml": agent("x", "w.md", "maxStep: 3")]))
        #expect(try isKept(["x.yaml": agent("x", "gone/w.md")]))
        let other = "Answer in rhymes, whatever the question is.\nUse no more than four lines.\n"
        #expect(try !isKept(["x.yaml": agent("x", "x.md", "maxStep: 3"), "x.md": other]))
    }

    @Test func `a new manifest of another kind and name keeps nothing`() throws {
        let user = manifest("User", "u", "role: king")
        #expect(try deleted(try isolate(["t.yaml": nil, "u.yaml": user])) == ["Trigger/t"])
    }

    @Test func `what a sound manifest goes on as is not kept for a broken one elsewhere`() throws {
        let isolation = try isolate([
            "t.yaml": nil, "moved.yaml": Self.trigger("moved", 8), "new.yaml": Self.trigger("new", 7, typo: true),
        ])
        #expect(try deleted(isolation) == ["Trigger/t"])
        #expect(isolation.catalog.contains(Trigger.id("moved")))
    }

    @Test func `where a broken manifest stands in its place, what is like it waits`() throws {
        let isolation = try isolate([
            "t.yaml": Self.trigger("new", 8, typo: true), "moved.yaml": Self.trigger("moved", 8),
        ])
        #expect(try deleted(isolation) == [])
        #expect(!isolation.catalog.contains(Trigger.id("moved")))
        let said = try isolate([
            "t.yaml": Self.trigger("new", 8, typo: true), "moved.yaml": Self.trigger("moved", 8, from: "t"),
        ])
        #expect(try deleted(said) == ["Trigger/t"])
        #expect(said.catalog.contains(Trigger.id("moved")))
    }

    @Test(arguments: [nil, "teh"])
    func `what cannot be told from several that are gone keeps them all while it waits`(former: String?) throws {
        let trigger = Self.trigger("new", 8, from: former) + "  deliver: [nowhere]\n"
        let base = base.merging(["t2.yaml": Self.trigger("t2", 8)]) { _, new in new }
        var files = base.merging(["new.yaml": trigger]) { _, new in new }
        files["t.yaml"] = nil
        files["t2.yaml"] = nil
        let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(MemorySnapshot(files))
        let isolation = try #require(Isolation(loaded, applied: try ApplyFixture.catalog(base)))
        #expect(isolation.catalog.contains(Trigger.id("t")) && isolation.catalog.contains(Trigger.id("t2")))
        #expect(!isolation.catalog.contains(Trigger.id("new")))
    }

    @Test func `what is mended goes on as what was kept`() throws {
        let kept = try isolate(["t.yaml": nil, "new.yaml": Self.trigger("new", 8, typo: true)]).catalog
        var files = base
        files["t.yaml"] = nil
        files["new.yaml"] = Self.trigger("new", 8)
        let plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(files), commit: "c0ffee", applied: kept,
            basis: Plan.Basis(revision: 1, commit: "base"), asOf: ApplyFixture.start)
        #expect(plan.summary == ["rename Trigger/new"])
    }

    @Test func `a manifest with a secret in it is not applied`() throws {
        let token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
        let isolation = try isolate(["a.yaml": Self.agent("a", "persona: Uses \(token)")])
        #expect(isolation.catalog[Agent.id("a")]?.manifest.canonicalText.contains(token) == false)
        #expect(isolation.stale.map(\.id) == [Agent.id("a")])
    }
}
