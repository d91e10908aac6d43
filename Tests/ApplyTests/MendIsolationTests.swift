import Apply
import Spec
import State
import TestSupport
import Testing
import Values

/// With `apply: perResource`, whatever the mend of a commit would make a rename is kept while the commit is broken.
@Suite struct MendIsolationTests {
    private static let prompt = "You write the brief of the day.\nNever longer than a page.\nName your sources.\n"
    private static let nightly = """
        agent: greeter
        schedule:
          cron: "0 8 * * mon-fri"
          catchUpWindow: 24h
          jitter: 60s
        """
    private static let base: [String: String] = [
        "p.yaml": manifest("Provider", "p", "type: ollama"),
        "greeter.yaml": agent("greeter"),
        "greeter.md": prompt,
        "nightly.yaml": manifest("Trigger", "nightly", nightly),
        "keep.yaml": manifest("Trigger", "keep", "agent: greeter\nschedule: {cron: \"0 9 * * *\"}"),
    ]

    private static func agent(_ name: String, _ more: String = "") -> String {
        manifest(
            "Agent", name,
            "model: {provider: p, name: m}\nsystemPrompt: {file: greeter.md}\n"
                + "limits: {maxSteps: 8, timeout: 250s}\n\(more)")
    }

    private func files(_ edits: [String: String?]) -> [String: String] {
        var files = Self.base
        for (path, text) in edits { files[path] = text }
        return files
    }

    private func isolate(_ edits: [String: String?]) throws -> Isolation {
        let loaded = try CatalogLoader(zones: MemoryRepository.zones).load(MemorySnapshot(files(edits)))
        #expect(!loaded.isValid)
        return try #require(Isolation(loaded, applied: try ApplyFixture.catalog(Self.base)))
    }

    private func deleted(_ edits: [String: String?]) throws -> [String] {
        let isolation = try isolate(edits)
        return try ApplyFixture.catalog(Self.base).resources.map(\.id).filter { !isolation.catalog.contains($0) }
            .map(\.description)
    }

    private func summary(_ edits: [String: String?], applied: Catalog) throws -> [String] {
        ApplyFixture.planner.plan(
            try ApplyFixture.catalog(files(edits)), commit: "c0ffee", applied: applied,
            basis: Plan.Basis(revision: 1, commit: "base"), asOf: ApplyFixture.start
        ).summary
    }

    /// What is written in the trigger that is renamed, and with which mistake.
    private static let mistakes: [(sound: String, broken: String)] = [
        ("mon-fri", "mon-fry"),
        ("60s", "60 apples"),
        ("24h", "[24h]"),
        ("jitter: 60s", "jittter: 60s"),
        ("  catchUpWindow: 24h\n  jitter: 60s", "catchUpWindow: 24h\njitter: 60s"),
        ("schedule:", "shedule:"),
        ("jitter: 60s", "jitter: 60s\n  timezone: Europe/Nowhere"),
        ("jitter: 60s", "jitter: 60s\ntool: greeter"),
        ("jitter: 60s", "jitter: 60s\nmatch: [{path: event.type, equals: x}]"),
        ("jitter: 60s", "jitter: 60s\ndeliver: [nowhere]"),
        ("jitter: 60s", "jitter: 60s\ninput: \"{{#event\""),
        ("agent: greeter\n", ""),
        ("agent: greeter", "agent: greter"),
        ("agent: greeter", "agent: {name: greeter}"),
        ("agent: greeter", "agent: keep"),
    ]

    @Test(arguments: mistakes.indices)
    func `a trigger that a mend would rename is kept`(_ index: Int) throws {
        let mistake = Self.mistakes[index]
        let sound = manifest("Trigger", "brief", Self.nightly)
        let broken = manifest("Trigger", "brief", Self.nightly.replacing(mistake.sound, with: mistake.broken))
        let edits = { ["nightly.yaml": nil, "brief.yaml": $0] as [String: String?] }
        let isolation = try isolate(edits(broken))
        #expect(isolation.catalog.contains(Trigger.id("nightly")))
        #expect(!isolation.catalog.contains(Trigger.id("brief")))
        let stale = try #require(isolation.stale.first { $0.id == Trigger.id("nightly") })
        #expect(stale.diagnostics.map(\.place.path) == ["brief.yaml"])
        #expect(try summary(edits(sound), applied: isolation.catalog) == ["rename Trigger/brief"])
    }

    @Test func `two mistakes in one manifest count as one`() throws {
        let text = Self.nightly.replacing("mon-fri", with: "mon-fry").replacing("greeter", with: "greter")
        #expect(try deleted(["nightly.yaml": nil, "brief.yaml": manifest("Trigger", "brief", text)]) == [])
    }

    @Test func `what says little else than whom it runs is kept where that name has a slip`() throws {
        let isolation = try isolate([
            "keep.yaml": nil,
            "morning.yaml": Self.base["keep.yaml"]?.replacing("keep", with: "morning").replacing(
                "greeter", with: "greter"),
        ])
        let stale = try #require(isolation.stale.first { $0.id == Trigger.id("keep") })
        #expect(stale.isApplied && stale.diagnostics.map(\.place.path) == ["morning.yaml"])
        let sound: [String: String?] = [
            "keep.yaml": nil, "morning.yaml": Self.base["keep.yaml"]?.replacing("keep", with: "morning"),
        ]
        #expect(try summary(sound, applied: isolation.catalog) == ["rename Trigger/morning"])
    }

    @Test func `an agent is kept whatever is wrong in its new manifest`() throws {
        for (sound, broken) in [
            ("greeter.md", "gone.md"), ("provider: p", "provider: q"), ("250s", "250 s"),
            ("maxSteps: 8", "maxSteps: 0"),
            ("{maxSteps: 8, timeout: 250s}", "8"), ("name: m", "nmae: m"), ("model:", "modle:"),
        ] {
            let text = Self.agent("host").replacing(sound, with: broken)
            let edits: [String: String?] = [
                "greeter.yaml": nil, "host.yaml": text,
                "nightly.yaml": Self.base["nightly.yaml"]?.replacing("greeter", with: "host"),
                "keep.yaml": Self.base["keep.yaml"]?.replacing("greeter", with: "host"),
            ]
            #expect(try deleted(edits) == [], "\(broken)")
        }
    }

    @Test func `a trigger goes on while what it is renamed together with is broken`() throws {
        let edits: [String: String?] = [
            "greeter.yaml": nil, "host.yaml": Self.agent("host", "descripton: No"),
            "keep.yaml": nil,
            "morning.yaml": Self.base["keep.yaml"]?.replacing("keep", with: "morning").replacing(
                "greeter", with: "host"),
            "nightly.yaml": nil,
            "brief.yaml": manifest("Trigger", "brief", Self.nightly.replacing("greeter", with: "host")),
        ]
        let isolation = try isolate(edits)
        #expect(
            isolation.catalog.resources.map(\.id).filter { $0.kind == .trigger }.map(\.name) == ["keep", "nightly"])
        #expect(isolation.catalog.contains(Agent.id("greeter")))
    }

    @Test func `what is gone does not wait for what is plainly another`() throws {
        let other = """
            agent: greeter
            description: What the shop sends
            webhook: {source: generic, bearer: {env: SHOP}}
            input: "{{event.payload.order}}"
            """
        for (sound, broken) in [("greeter", "greter"), ("bearer", "baerer"), ("order}}", "order}")] {
            let text = manifest("Trigger", "shop", other.replacing(sound, with: broken))
            #expect(try deleted(["nightly.yaml": nil, "shop.yaml": text]) == ["Trigger/nightly"], "\(broken)")
        }
    }

    @Test func `of what another resource is the former name nothing else is kept for what waits`() throws {
        let waiting = manifest("Trigger", "brief", Self.nightly.replacing("greeter", with: "greter"))
            .replacing("{name: brief}", with: "{name: brief, renamedFrom: keep}")
        #expect(
            try deleted(["nightly.yaml": nil, "keep.yaml": nil, "brief.yaml": waiting]) == ["Trigger/nightly"])
    }
}
