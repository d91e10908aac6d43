import Apply
import Spec
import State
import TestSupport
import Testing
import Values

/// What is left of a broken commit where each resource stands for itself.
@Suite struct IsolationTests {
    private let base: [String: String] = [
        "p.yaml": manifest("Provider", "p", "type: ollama"),
        "agents/a.yaml": agent("a"),
        "agents/b.yaml": agent("b", "tools: [look]"),
        "tools/look.yaml": manifest("Tool", "look", "description: Looks\nhttp: {url: \"https://example.com\"}"),
        "t.yaml": manifest("Trigger", "t", "agent: a\nschedule: {cron: \"0 7 * * *\"}"),
    ]

    private static func agent(_ name: String, _ more: String = "") -> String {
        manifest("Agent", name, "model: {provider: p, name: m}\nsystemPrompt: Be brief\n\(more)")
    }

    /// `kind/name` with `=` for the version in force, `+` for the declared one, and what is stale.
    private func isolate(_ edits: [String: String?]) throws -> (catalog: [String], stale: [String])? {
        let applied = try ApplyFixture.catalog(base)
        var files = base
        for (path, text) in edits { files[path] = text }
        let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(MemorySnapshot(files))
        #expect(!loaded.isValid)
        guard let isolation = Isolation(loaded, applied: applied) else { return nil }
        return (
            isolation.catalog.resources.map { resource in
                (applied[resource.id]?.digest == resource.digest ? "=" : "+") + resource.id.description
            },
            isolation.stale.map { stale in
                #expect(!stale.diagnostics.isEmpty)
                return "\(stale.id) \(stale.isApplied ? "kept" : "new")"
            }
        )
    }

    @Test func `a broken manifest keeps its last good version, the rest is applied`() throws {
        let result = try #require(
            try isolate([
                "agents/a.yaml": manifest("Agent", "a", "modle: {}"),
                "agents/b.yaml": Self.agent("b", "description: New"),
                "users/u.yaml": user("u"),
            ]))
        #expect(result.catalog == ["=Agent/a", "+Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t", "+User/u"])
        #expect(result.stale == ["Agent/a kept"])
    }

    @Test func `what only moved, or its text, waits for nothing`() throws {
        let applied = try ApplyFixture.catalog(base)
        var files = base
        files["agents/b.yaml"] = nil
        files["fleet/b.yaml"] = manifest(
            "Agent", "b", "model: {provider: p, name: m}\nsystemPrompt: {file: b.md}\ntools: [look]")
        files["fleet/b.md"] = "Be brief"
        files["tools/look.yaml"] = manifest("Tool", "look", "nothing: here")
        let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(MemorySnapshot(files))
        let isolation = try #require(Isolation(loaded, applied: applied))
        #expect(isolation.stale.map(\.id.description) == ["Tool/look"])
        #expect(isolation.catalog[Agent.id("b")]?.place.path == "fleet/b.yaml")
    }

    @Test func `a broken document says nothing about the sound one above it in its file`() throws {
        let two = Self.agent("a", "description: New") + "---\n" + Self.agent("c", "tools: [nowhere]\nmaxStep: 3")
        let result = try #require(try isolate(["agents/a.yaml": two]))
        #expect(result.catalog.contains("+Agent/a"))
        #expect(result.stale == ["Agent/c new"])
    }

    @Test func `nothing is deleted because its file cannot be read`() throws {
        let result = try #require(try isolate(["agents/b.yaml": "a: [", "t.yaml": nil]))
        // What is declared nowhere may stand in there, too.
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t"])
        #expect(result.stale == ["Agent/b kept", "Trigger/t kept"])
    }

    @Test func `what was moved into a file that cannot be read is kept`() throws {
        let result = try #require(try isolate(["t.yaml": nil, "triggers/t.yaml": "a: ["]))
        #expect(result.catalog.contains("=Trigger/t"))
        #expect(result.stale == ["Trigger/t kept"])
    }

    @Test func `beside a mistake whose file is read whole, a deletion is one`() throws {
        let result = try #require(
            try isolate(["agents/b.yaml": manifest("Agent", "b", "nonsense: true"), "t.yaml": nil]))
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look"])
        #expect(result.stale == ["Agent/b kept"])
    }

    @Test func `what needs something broken waits with it`() throws {
        let result = try #require(
            try isolate([
                "agents/c.yaml": Self.agent("c", "nonsense: true"),
                "t.yaml": manifest("Trigger", "t", "agent: c\nschedule: {cron: \"0 8 * * *\"}"),
                "u.yaml": manifest("Trigger", "u", "agent: c\nschedule: {cron: \"0 9 * * *\"}"),
            ]))
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t"])
        #expect(result.stale == ["Agent/c new", "Trigger/t kept", "Trigger/u new"])
    }

    @Test func `what changes waits for what it needs, where that is in force too, and names what is broken`() throws {
        let files: [String: String] = [
            "tools/look.yaml": manifest("Tool", "look", "nonsense: true"),
            "agents/b.yaml": Self.agent("b", "tools: [look]\ndescription: New"),
            "t.yaml": manifest("Trigger", "t", "agent: b\nschedule: {cron: \"0 8 * * *\"}"),
            "agents/a.yaml": Self.agent("a", "description: New"),
        ]
        let result = try #require(try isolate(files.mapValues(Optional.some)))
        #expect(result.catalog == ["+Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t"])
        #expect(result.stale == ["Agent/b kept", "Tool/look kept", "Trigger/t kept"])
        let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(
            MemorySnapshot(base.merging(files) { _, new in new }))
        let isolation = try #require(Isolation(loaded, applied: try ApplyFixture.catalog(base)))
        let waiting = isolation.stale.flatMap(\.diagnostics).filter { $0.code == .staleReference }
        #expect(
            waiting.map { "\($0.place): \($0.message)" } == [
                "agents/b.yaml:7:11: Agent/b needs Tool/look, which keeps its last good version",
                "t.yaml:5:10: Trigger/t needs Tool/look by way of Agent/b, and Tool/look keeps its last good version",
            ])
        #expect(waiting.allSatisfy { $0.fix == "mend Tool/look" })
    }

    @Test func `what comes to something broken by way of what does not change waits too`() throws {
        let result = try #require(
            try isolate([
                "tools/look.yaml": "a: [",
                "t.yaml": manifest("Trigger", "t", "agent: b\nschedule: {cron: \"0 8 * * *\"}"),
                "u.yaml": manifest("Trigger", "u", "agent: b\nschedule: {cron: \"0 9 * * *\"}"),
                "v.yaml": manifest("Trigger", "v", "agent: a\nschedule: {cron: \"0 9 * * *\"}"),
            ]))
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t", "+Trigger/v"])
        #expect(result.stale == ["Tool/look kept", "Trigger/t kept", "Trigger/u new"])
    }

    @Test(arguments: ["", ", renamedFrom: b"])
    func `what is to be renamed and needs something broken stays under its former name`(said: String) throws {
        let renamed = Self.agent("bee", "tools: [look]\ndescription: New")
        let result = try #require(
            try isolate([
                "tools/look.yaml": manifest("Tool", "look", "nonsense: true"),
                "agents/b.yaml": renamed.replacing("{name: bee}", with: "{name: bee\(said)}"),
            ]))
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t"])
        #expect(result.stale == ["Agent/b kept", "Agent/bee new", "Tool/look kept"])
    }

    @Test func `what a kept resource still needs is kept too`() throws {
        let result = try #require(
            try isolate(["agents/b.yaml": manifest("Agent", "b", "nonsense: true"), "tools/look.yaml": nil]))
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t"])
        #expect(result.stale == ["Agent/b kept", "Tool/look kept"])
    }

    @Test(arguments: ["", ", renamedFrom: look"])
    func `a resource that goes on under another name waits for what still needs the former one`(said: String) throws {
        let renamed = manifest("Tool", "peek", "description: Looks\nhttp: {url: \"https://example.com\"}")
        let result = try #require(
            try isolate([
                "tools/look.yaml": nil,
                "tools/peek.yaml": renamed.replacing("{name: peek}", with: "{name: peek\(said)}"),
                "agents/b.yaml": Self.agent("b", "tools: [peek]\nnonsense: true"),
                "agents/c.yaml": Self.agent("c", "tools: [peek]"),
            ]))
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t"])
        #expect(result.stale == ["Agent/b kept", "Agent/c new", "Tool/look kept", "Tool/peek new"])
    }

    @Test func `what is as another one whose file is broken is a new one`() throws {
        let copy = manifest("Tool", "peek", "description: Looks\nhttp: {url: \"https://example.com\"}")
        let result = try #require(try isolate(["tools/look.yaml": "a: [", "tools/peek.yaml": copy]))
        #expect(result.catalog.contains("+Tool/peek") && result.catalog.contains("=Tool/look"))
        #expect(result.stale == ["Tool/look kept"])
    }

    @Test func `a name that is declared twice stays as it was`() throws {
        let result = try #require(
            try isolate(["agents/twice.yaml": Self.agent("a", "description: Other")]))
        #expect(result.catalog.contains("=Agent/a"))
        #expect(result.stale == ["Agent/a kept"])
    }

    @Test func `a deletion that leaves a reference dangling falls back on both`() throws {
        let result = try #require(try isolate(["agents/a.yaml": nil]))
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t"])
        #expect(result.stale == ["Agent/a kept", "Trigger/t kept"])
    }

    @Test func `agents that call each other in a circle stay as they were`() throws {
        let result = try #require(
            try isolate([
                "ask.yaml": manifest("Tool", "ask", "description: Asks\nagent: b"),
                "agents/b.yaml": Self.agent("b", "tools: [ask]"),
            ]))
        #expect(result.catalog == ["=Agent/a", "=Agent/b", "=Provider/p", "=Tool/look", "=Trigger/t"])
        #expect(result.stale == ["Agent/b kept", "Tool/ask new"])
    }

    @Test func `of triggers that keep the webhook of one bot, who had it keeps it`() throws {
        func trigger(_ name: String, _ bot: String, _ priority: Int = 0) -> String {
            manifest(
                "Trigger", name,
                "agent: a\npriority: \(priority)\nwebhook: {source: telegram, secret: {env: S}, manage: true, token: {env: \(bot)}}"
            )
        }
        var files = base
        files["m.yaml"] = trigger("m", "ONE")
        files["n.yaml"] = trigger("n", "TWO")
        let applied = try ApplyFixture.catalog(files)
        files["a.yaml"] = trigger("a", "ONE")
        files["m.yaml"] = trigger("m", "ONE", 3)
        files["n.yaml"] = trigger("n", "ONE", 3)
        files["y.yaml"] = trigger("y", "NEW")
        files["z.yaml"] = trigger("z", "NEW")
        let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(MemorySnapshot(files))
        let isolation = try #require(Isolation(loaded, applied: applied))
        #expect(isolation.stale.map(\.id.name) == ["a", "n", "z"])
        #expect(isolation.catalog[Trigger.id("m")]?.manifest["spec"]?["priority"]?.int == 3)
        #expect(isolation.catalog[Trigger.id("n")]?.digest == applied[Trigger.id("n")]?.digest)
        #expect(isolation.catalog.contains(Trigger.id("y")) && !isolation.catalog.contains(Trigger.id("z")))
    }

    @Test func `a mistake in writ.yaml is nobody's own`() throws {
        #expect(try isolate(["writ.yaml": "brake: 3\n"]) == nil)
    }

    @Test func `whatever is broken, what is left is valid as a whole and nothing is lost`() async throws {
        var isolated = 0
        for seed in 1...UInt64(60) {
            var random = RandomRepository(seed: seed)
            var applied = Catalog([])
            for _ in 0..<12 {
                await Task.yield()
                let loader = CatalogLoader(zones: MemoryRepository.zones)
                guard let loaded = try? loader.load(random.snapshot) else {
                    random.edit()
                    continue
                }
                if loaded.isValid {
                    applied = loaded.catalog
                } else if let isolation = Isolation(loaded, applied: applied) {
                    isolated += 1
                    check(isolation, loaded, applied, "seed \(seed)")
                    applied = isolation.catalog
                }
                random.edit()
            }
        }
        #expect(isolated > 100)
    }

    private func check(_ isolation: Isolation, _ loaded: LoadedCatalog, _ applied: Catalog, _ seed: String) {
        let ids = Set(isolation.catalog.resources.map(\.id))
        for resource in isolation.catalog.resources {
            #expect(resource.references.allSatisfy { ids.contains($0.target) }, "\(seed): \(resource.id)")
        }
        let stale = Set(isolation.stale.map(\.id))
        for resource in isolation.catalog.resources where stale.contains(resource.id) {
            #expect(applied[resource.id]?.digest == resource.digest, "\(seed): \(resource.id)")
        }
        for resource in loaded.catalog.resources where !stale.contains(resource.id) {
            #expect(isolation.catalog[resource.id]?.digest == resource.digest, "\(seed): \(resource.id)")
        }
        let isolated = Needs(of: isolation.catalog.resources, to: stale.sorted())
        for id in isolated.found.keys where !stale.contains(id) {
            #expect(applied[id]?.digest == isolation.catalog[id]?.digest, "\(seed): \(id) needs what is stale")
        }
        let declared = Set(loaded.files.flatMap(\.declares))
        let isUnread = loaded.files.contains(where: \.hidesNames)
        for resource in applied.resources where isUnread || declared.contains(resource.id) {
            #expect(ids.contains(resource.id), "\(seed): \(resource.id) may still be declared")
        }
    }

    @Test func `a resource that is broken in its own file is told of that file alone`() throws {
        var files = base
        files["agents/a.yaml"] = manifest("Agent", "a", "modle: {}")
        files["aaa.yaml"] = "a: ["
        let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(MemorySnapshot(files))
        let isolation = try #require(Isolation(loaded, applied: try ApplyFixture.catalog(base)))
        let stale = try #require(isolation.stale.first { $0.id == Agent.id("a") })
        #expect(Set(stale.diagnostics.map(\.place.path)) == ["agents/a.yaml"])
        #expect(Set(isolation.unheld.map(\.place.path)) == ["aaa.yaml"])
    }
}
