import Apply
import Spec
import State
import TestSupport
import Testing
import Values

/// What a commit may not take away, or not without a word.
@Suite struct GuardTests {
    private func users(_ names: some Sequence<String>, _ metadata: String = "") -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: names.map { name in
                ("\(name).yaml", user(name).replacing("{name: \(name)}", with: "{name: \(name)\(metadata)}"))
            })
    }

    private func plan(
        _ before: [String: String], _ after: [String: String], brakes: Brakes = Brakes()
    ) throws -> Plan {
        ApplyFixture.planner.plan(
            try ApplyFixture.catalog(after), commit: "a1", applied: try ApplyFixture.catalog(before),
            basis: Plan.Basis(revision: 3, commit: "b0"), asOf: ApplyFixture.start, brakes: brakes)
    }

    private func names(_ range: Range<Int>) -> [String] { range.map { "u\($0)" } }

    @Test func `what is protected stays, also where the commit takes the protection away with it`() throws {
        let before = users(["a"], ", protect: true").merging(users(["b"])) { old, _ in old }
        let plan = try plan(before, users(["b"]))
        #expect(plan.problems.map(\.code) == [.protected])
        #expect(plan.problems.first?.message == "User/a is protected and cannot be deleted")
        #expect(plan.problems.first?.place.description == "a.yaml:1:1")
        #expect(try self.plan(before, users(["a", "b"])).problems.isEmpty)
        #expect(try self.plan(users(["a", "b"]), users(["b"])).problems.isEmpty)
    }

    @Test func `what is protected keeps its name`() throws {
        let plan = try plan(users(["a"], ", protect: true"), users(["b"], ", protect: true, renamedFrom: a"))
        #expect(plan.problems.map(\.message) == ["User/a is protected and cannot be renamed to b"])
        #expect(plan.problems.first?.place.path == "b.yaml")
    }

    @Test func `what is protected stays what it is under its name, also where the protection goes with it`() throws {
        func provider(_ type: String, _ metadata: String = "") -> [String: String] {
            ["p.yaml": manifest("Provider", "p", "type: \(type)").replacing("{name: p}", with: "{name: p\(metadata)}")]
        }
        let plan = try plan(provider("ollama", ", protect: true"), provider("anthropic"))
        #expect(
            plan.problems.map(\.message) == [
                "Provider/p is protected and cannot become another thing under the same name"
            ])
        #expect(try self.plan(provider("ollama", ", protect: true"), provider("ollama")).problems.isEmpty)
        #expect(try self.plan(provider("ollama"), provider("anthropic", ", protect: true")).problems.isEmpty)
        // Against a baseline nobody may know what it was.
        let after = try ApplyFixture.catalog(provider("ollama", ", protect: true"))
        let standIn = AppliedResource(
            id: ResourceID(kind: .provider, name: "p"),
            manifest: [
                "apiVersion": "writ/v1", "kind": "Provider", "metadata": ["name": "p", "protect": true],
            ], digest: Digest(of: [UInt8]()), place: Place(path: "p.yaml", mark: Mark(line: 1, column: 1)),
            sinceRevision: 3)
        let told = ApplyFixture.planner.plan(
            after, commit: "a1", applied: Catalog([Resource(standIn)]), basis: Plan.Basis(revision: 3, commit: "b0"),
            asOf: ApplyFixture.start)
        #expect(told.changes.map(\.action) == [.update])
        #expect(told.problems.isEmpty)
    }

    @Test(arguments: [
        (10, 5, false), (10, 6, true), (20, 6, false), (20, 7, true), (3, 2, false), (3, 3, true), (1, 1, true),
    ])
    func `more than five and more than 30 % of a kind, or all of it, need a word`(
        count: Int, deletes: Int, isHeld: Bool
    ) throws {
        let kept = ["x.yaml": manifest("Prompt", "x", "template: Hi")]
        let before = users(names(0..<count)).merging(kept) { old, _ in old }
        let after = users(names(deletes..<count)).merging(kept) { old, _ in old }
        let plan = try plan(before, after)
        #expect((plan.brake != nil) == isHeld)
        #expect(plan.refusals.isEmpty == !isHeld)
        #expect(plan.problems.isEmpty)
    }

    @Test func `the word is an exact number`() throws {
        let (before, after) = (users(names(0..<10)), users(names(8..<10)))
        #expect(try plan(before, after, brakes: Brakes(allowedDeletes: [7, 9])).refusals.count == 1)
        let agreed = try plan(before, after, brakes: Brakes(allowedDeletes: [8]))
        #expect(agreed.refusals.isEmpty)
        #expect(agreed.brake?.isReleased == true)
        #expect(agreed.json["diagnostics"] == [])
        #expect(
            PlanText.render(agreed, color: false).contains("It deletes 8 of 10 of kind User, as somebody agreed to."))
    }

    @Test func `a held plan says what to say, with counts and names`() throws {
        let plan = try plan(users(names(0..<10)), users(names(8..<10)))
        let diagnostic = try #require(plan.refusals.first)
        #expect(diagnostic.code == .brake)
        #expect(diagnostic.message.hasPrefix("this commit deletes 8 of 10 of kind User; 8 in all: User/u0, User/u1"))
        #expect(diagnostic.fix?.contains("--allow-deletes 8") == true)
        #expect(diagnostic.fix?.contains("Writ-Allow-Deletes: 8") == true)
        #expect(plan.json["brake"]?["deletes"]?.int == 8)
        #expect(plan.json["diagnostics"]?[0]?["code"] == "brake")
        #expect(PlanText.render(plan, color: false).contains("applying needs --allow-deletes 8"))
    }

    @Test func `every trigger that is not suspended needs a word`() throws {
        let parts = [
            "p.yaml": manifest("Provider", "openai", "type: openai"),
            "brief.yaml": manifest("Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi"),
        ]
        func trigger(_ name: String, _ more: String = "") -> [String: String] {
            ["\(name).yaml": manifest("Trigger", name, "agent: brief\nschedule: {cron: '0 9 * * *'}\(more)")]
        }
        func files(_ triggers: [String: String]...) -> [String: String] {
            triggers.reduce(parts) { $0.merging($1) { old, _ in old } }
        }
        let before = files(trigger("a"), trigger("b", "\npriority: 5"), trigger("c", "\nsuspend: true"))
        let held = try plan(before, files(trigger("c", "\nsuspend: true")))
        #expect(held.brake?.reasons == ["all 2 triggers that are not suspended"])
        #expect(try plan(before, files(trigger("a"), trigger("c", "\nsuspend: true"))).brake == nil)
    }

    @Test func `the limits are the applied ones, not those of the commit`() throws {
        func settings(_ text: String) throws -> Settings {
            let files = users(["a"]).merging(["writ.yaml": text]) { old, _ in old }
            return try CatalogLoader(zones: ZoneDatabase { _ in nil }).load(MemorySnapshot(files)).settings
        }
        let strict = try settings("brake: {deletes: 1, percent: 10}")
        let (before, after) = (users(names(0..<10)), users(names(2..<10)))
        #expect(try plan(before, after).brake == nil)
        #expect(try plan(before, after, brakes: Brakes(strict.brake)).brake != nil)

        let fixture = try ApplyFixture()
        func apply(_ files: [String: String], _ settings: Settings) throws -> Applier.Outcome {
            let applied = try fixture.store.reader.appliedState()
            let plan = ApplyFixture.planner.plan(
                try ApplyFixture.catalog(files), commit: "a1", applied: applied.catalog, basis: applied.basis,
                asOf: ApplyFixture.start, settings: settings, brakes: Brakes(applied.settings?.brake))
            return try fixture.apply(plan)
        }
        let loose = try settings("brake: {deletes: 100}")
        #expect(try apply(before, .standard).revision == 1)
        guard case .refused(let reasons) = try apply(users(names(8..<10)), loose) else {
            Issue.record("the commit loosened its own brake")
            return
        }
        #expect(reasons.map(\.code) == [.brake])
        #expect(try fixture.store.reader.repositorySettings() == .standard)
        // A commit that changes the settings alone makes no revision, and counts from the next one on.
        #expect(try apply(before, loose).revision == nil)
        #expect(try fixture.store.reader.repositorySettings() == loose)
        #expect(try apply(users(names(8..<10)), loose).revision == 2)
    }
}
