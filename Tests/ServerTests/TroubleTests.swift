import Server
import Spec
import State
import Testing
import Values

@Suite struct TroubleTests {
    private let fixture: ServerFixture

    init() throws {
        fixture = try ServerFixture()
        try fixture.applyUsual()
    }

    private func get(_ path: String) async throws -> String {
        try await serving(fixture) { try await $0.get(path) }.text
    }

    @Test("A host that is left alone is shown, as long as it is (fault E92)")
    func circuits() async throws {
        #expect(try await !get("/").contains("Hosts left alone"))
        let circuit = RecordedCircuit(
            origin: "https://api.example.com", failures: 7, since: ServerFixture.at(10), until: ServerFixture.at(40),
            error: "it answers with status 503")
        try fixture.store.recordCircuits([circuit])
        #expect(try fixture.reader.openCircuits() == [circuit])
        let status = try JSON(parsing: try await get("/api/v1/status"))
        #expect(
            status["circuits"] == [
                [
                    "host": "https://api.example.com", "failures": 7, "since": .string(ServerFixture.at(10).rfc3339),
                    "until": .string(ServerFixture.at(40).rfc3339), "error": "it answers with status 503",
                ]
            ])
        let page = try await get("/")
        #expect(page.contains("Hosts left alone") && page.contains("https://api.example.com"))
        try fixture.store.recordCircuits([])
        #expect(try JSON(parsing: try await get("/api/v1/status"))["circuits"] == nil)
    }

    @Test("A full disk is an alarm in the status, the metrics and on the dashboard (fault D76)")
    func alarms() async throws {
        #expect(try await get("/metrics").contains("writ_alarm{name=\"diskFull\"} 0"))
        try fixture.store.raise(.diskFull, "the disk is full", at: ServerFixture.at(20))
        #expect(try await get("/metrics").contains("writ_alarm{name=\"diskFull\"} 1"))
        #expect(try await get("/").contains("The disk is full."))
        try fixture.store.end(.diskFull, at: ServerFixture.at(30))
        #expect(try await !get("/").contains("the disk is full."))
        let alarm = try JSON(parsing: try await get("/api/v1/status"))["alarms"]?[0]
        #expect(alarm?["name"] == "diskFull" && alarm?["endedAt"] == .string(ServerFixture.at(30).rfc3339))
    }

    @Test func `what cannot work where it is served is not ready, and fires at no time`() throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let id = Trigger.id("morning")
        func status() throws -> ResourceStatus {
            try fixture.source.statuses().status(of: try #require(try fixture.reader.resource(id)))
        }
        #expect(try status().nextFire != nil)
        try fixture.store.note(.unknownTimeZone, [id: "there is no time zone Europe/Berlin"], at: ServerFixture.at(20))
        try fixture.store.note(.unknownTimeZone, [id: "there is no time zone Europe/Berlin"], at: ServerFixture.at(30))
        let ready = try #require(try status()[.ready])
        #expect(ready.status == .isFalse && ready.reason == "UnknownTimeZone")
        #expect(ready.message == "there is no time zone Europe/Berlin" && ready.since == ServerFixture.at(20))
        #expect(try status().level == .failing)
        #expect(try status().nextFire == nil)
        let schedule = try #require(try fixture.source.overview().schedules.first)
        #expect(schedule.next == nil && schedule.problem == "there is no time zone Europe/Berlin")
        try fixture.store.note(.secretUnusable, [Trigger.id("on-push"): "HOOK is not set"], at: ServerFixture.at(35))
        let overview = Shapes.overview(try fixture.source.overview())
        #expect(overview["schedules"]?[0]?["problem"] == "there is no time zone Europe/Berlin")
        #expect(
            overview["problems"] == [
                [
                    "kind": "Trigger", "name": "morning", "reason": "UnknownTimeZone",
                    "message": "there is no time zone Europe/Berlin", "since": .string(ServerFixture.at(20).rfc3339),
                ],
                [
                    "kind": "Trigger", "name": "on-push", "reason": "SecretUnusable", "message": "HOOK is not set",
                    "since": .string(ServerFixture.at(35).rfc3339),
                ],
            ])
        try fixture.store.note(.unknownTimeZone, [id: nil], at: ServerFixture.at(40))
        #expect(try Shapes.overview(fixture.source.overview())["problems"]?.array?.count == 1)
        #expect(try status()[.ready]?.status == .isTrue)
        #expect(try status()[.ready]?.since == ServerFixture.at(40))
        #expect(try status().nextFire != nil)
    }
}
