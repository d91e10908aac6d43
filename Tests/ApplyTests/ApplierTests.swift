import Apply
import Spec
import State
import Testing
import Values

@Suite struct ApplierTests {
    private static let parts = [
        "openai.yaml": manifest("Provider", "openai", "type: openai"),
        "brief.yaml": manifest("Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi"),
    ]

    private static func trigger(_ schedule: String, _ more: String = "") -> String {
        manifest("Trigger", "morning", "agent: brief\nschedule: {\(schedule)}\(more.isEmpty ? "" : "\n" + more)")
    }

    @Test func `a first apply makes revision 1, and what is in force is what was declared`() throws {
        let fixture = try ApplyFixture()
        let plan = try fixture.plan(Self.parts)
        #expect(plan.basis == .nothing)
        #expect(try fixture.apply(plan).revision == 1)
        let state = try fixture.store.reader.appliedState()
        #expect(state.basis == Plan.Basis(revision: 1, commit: "c0ffee"))
        let declared = try ApplyFixture.catalog(Self.parts)
        #expect(state.catalog.resources.map(\.id) == declared.resources.map(\.id))
        #expect(state.catalog.resources.map(\.manifest) == declared.resources.map(\.manifest))
        #expect(state.catalog.resources.map(\.digest) == declared.resources.map(\.digest))
        #expect(state.catalog.resources.map(\.place) == declared.resources.map(\.place))
        #expect(try fixture.store.reader.latestObservation()?.outcome == .applied)
    }

    @Test func `a second apply of the same changes nothing and makes no revision (faults C65, C68)`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.parts)
        for round in 1...3 {
            let plan = try fixture.plan(Self.parts, at: Int64(round) * 60)
            #expect(plan.isEmpty && plan.moves.isEmpty && plan.shifts.isEmpty)
            #expect(plan.unchanged == 2)
            #expect(try fixture.apply(plan, at: Int64(round) * 60).revision == nil)
        }
        #expect(try fixture.store.reader.revisions().items.map(\.number) == [1])
        #expect(try fixture.store.reader.observations().items.map(\.outcome) == [.applied])
    }

    @Test func `an update and a delete make the next revision`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(["a.yaml": user("a"), "b.yaml": user("b")])
        try fixture.apply(["a.yaml": user("a", "email: a@example.com")])
        let state = try fixture.store.reader.appliedState()
        #expect(state.catalog.names(of: .user) == ["a"])
        #expect(state.catalog.spec(User.self, named: "a")?.email == "a@example.com")
        let changes = try fixture.store.reader.changes(of: 2)
        #expect(changes.map { "\($0.action) \($0.id)" } == ["update User/a", "delete User/b"])
        #expect(changes.first?.reason == "spec.email changed")
    }

    @Test func `a plan whose own resources moved is refused, and changes nothing`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(["a.yaml": user("a"), "b.yaml": user("b")])
        let stale = try fixture.plan([
            "a.yaml": user("a", "email: old@example.com"), "b.yaml": user("b"), "c.yaml": user("c"),
        ])
        try fixture.apply(["a.yaml": user("a", "email: new@example.com"), "b.yaml": user("b")])
        let error = #expect(throws: StateError.self) { try fixture.apply(stale) }
        #expect(error?.code == .moved([User.id("a")]))
        let state = try fixture.store.reader.appliedState()
        #expect(state.revision?.number == 2)
        #expect(state.catalog.names(of: .user) == ["a", "b"])
        #expect(state.catalog.spec(User.self, named: "a")?.email == "new@example.com")
    }

    @Test func `a plan whose resources are as it saw them is applied, though others moved`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(["a.yaml": user("a"), "b.yaml": user("b")])
        let plan = try fixture.plan(["a.yaml": user("a", "email: a@example.com"), "b.yaml": user("b")])
        try fixture.apply(["a.yaml": user("a"), "b.yaml": user("b", "email: b@example.com")])
        #expect(try fixture.apply(plan).revision == 3)
        let state = try fixture.store.reader.appliedState()
        #expect(state.catalog.spec(User.self, named: "b")?.email == "b@example.com")
    }

    @Test func `a renamed file and a shifted line are recorded without a revision (fault C62)`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(["a.yaml": user("a"), "b.yaml": user("b")])
        #expect(try fixture.apply(["x/a.yaml": user("a"), "b.yaml": "# note\n" + user("b")]).revision == nil)
        let places = try fixture.store.reader.appliedState().catalog.resources.map(\.place.description)
        #expect(places == ["x/a.yaml:1:1", "b.yaml:2:1"])
        #expect(try fixture.store.reader.revisions().items.count == 1)
    }

    @Test func `a new schedule counts from the apply, an unchanged one keeps its place`() throws {
        let fixture = try ApplyFixture()
        let cron = "cron: 0 9 * * *"
        func cursor() throws -> Int64? {
            let instant = try fixture.store.reader.scheduleCursors()["morning"]?.instant
            return instant.map { $0.seconds - ApplyFixture.start.seconds }
        }
        func apply(_ trigger: String, at seconds: Int64) throws {
            try fixture.apply(Self.parts.merging(["t.yaml": trigger]) { old, _ in old }, at: seconds)
        }
        try apply(Self.trigger(cron), at: 10)
        #expect(try cursor() == 10)
        try apply(Self.trigger(cron), at: 20)
        #expect(try cursor() == 10)
        // What decides no instant moves nothing.
        try apply(Self.trigger("\(cron), catchUp: all, jitter: 5s", "priority: 3\nsuspend: true"), at: 30)
        #expect(try cursor() == 10)
        try apply(Self.trigger("\(cron), timeZone: Etc/UTC"), at: 40)
        #expect(try cursor() == 40)
        try apply(Self.trigger("cron: 0 8 * * *, timeZone: Etc/UTC"), at: 50)
        #expect(try cursor() == 50)
    }

    @Test(
        "fault E99: instants that a changed or removed schedule left undecided have a row",
        arguments: [
            ("cron: 30 * * * *", "the schedule was changed"), (nil, "the schedule was removed"),
            ("cron: 0 * * * *, timeZone: Asia/Kolkata", "the schedule was changed"),
            ("cron: 0 * * * *, catchUp: all", nil),
        ] as [(String?, String?)])
    func undecided(next: String?, reason: String?) throws {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.parts.merging(["t.yaml": Self.trigger("cron: 0 * * * *")]) { old, _ in old })
        let files = next.map { ["t.yaml": Self.trigger($0)] } ?? [:]
        try fixture.apply(Self.parts.merging(files) { old, _ in old }, at: 3 * 3_600 + 60)
        let rows = try fixture.store.reader.runs().items
        guard let reason else {
            #expect(rows.isEmpty)
            return
        }
        let row = try #require(rows.first)
        #expect(rows.count == 1)
        #expect(row.state == .skipped && row.missed == 3 && row.revision == 1)
        #expect(row.missedSince?.seconds == ApplyFixture.start.seconds + 3_600)
        #expect(row.scheduledAt?.seconds == ApplyFixture.start.seconds + 3 * 3_600)
        #expect(row.reason?.hasPrefix(reason) == true)
        #expect(row.target == .agent("brief"))
    }

    @Test(arguments: [true, false])
    func `a trigger that is deleted, or has a schedule no more, leaves no cursor`(isDeleted: Bool) throws {
        let fixture = try ApplyFixture()
        try fixture.apply(Self.parts.merging(["t.yaml": Self.trigger("cron: 0 9 * * *")]) { old, _ in old })
        #expect(try fixture.store.reader.scheduleCursors().count == 1)
        let webhook = manifest("Trigger", "morning", "agent: brief\nwebhook: {source: github, secret: {env: A}}")
        try fixture.apply(isDeleted ? Self.parts : Self.parts.merging(["t.yaml": webhook]) { old, _ in old })
        #expect(try fixture.store.reader.scheduleCursors().isEmpty)
    }

    @Test func `5,000 resources are one revision, and then none`() throws {
        let fixture = try ApplyFixture()
        var files: [String: String] = [:]
        for number in 0..<5_000 { files["\(number).yaml"] = user("u\(number)") }
        #expect(try fixture.apply(files).revision == 1)
        let again = try fixture.plan(files)
        #expect(again.isEmpty && again.unchanged == 5_000)
    }
}
