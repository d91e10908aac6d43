import GRDB
import TestSupport
import Testing
import Values

@Suite("What others change in how far schedules have come")
struct SchedulePlaceTests {
    private static let faults: [(sql: String, isTold: String)] = [
        ("DELETE FROM schedule_cursor", "the place of trigger every-minute is not recorded any more"),
        (
            "UPDATE schedule_cursor SET spec_digest = 'sha256:00'",
            "what is recorded of the place of trigger every-minute cannot be read"
        ),
        (
            "UPDATE schedule_cursor SET spec_digest = 'sha256:\(String(repeating: "0", count: 64))'",
            "the place of trigger every-minute is of another schedule than the one in force"
        ),
    ]

    private func execute(_ fleet: Fleet, _ sql: String) throws {
        let queue = try DatabaseQueue(path: fleet.statePath)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    private func instant(_ fleet: Fleet) throws -> Int64? {
        let queue = try DatabaseQueue(path: fleet.statePath)
        defer { try? queue.close() }
        return try queue.read { try Int64.fetchOne($0, sql: "SELECT instant FROM schedule_cursor") }
    }

    private func check(_ fleet: Fleet) async throws -> String {
        let doctor = try await fleet.writ("doctor", "-o", "json")
        let checks = try doctor.json["checks"]?.array ?? []
        let check = try #require(checks.first { $0["check"] == "schedules" }, "\(doctor)")
        if check["status"] == "problem" { #expect(doctor.status == 1) }
        return "\(check["status"]?.string ?? "") \(check["message"]?.string ?? "") \(check["fix"]?.string ?? "")"
    }

    @Test("Is told by the doctor and by a full plan, and put right by a full apply", arguments: 0..<3)
    func healed(_ number: Int) async throws {
        let fault = Self.faults[number]
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let before = try instant(fleet)
        try execute(fleet, fault.sql)
        let found = try await check(fleet)
        #expect(found.hasPrefix("problem ") && found.contains(fault.isTold), "\(found)")
        #expect(found.contains("`writ apply --full`"), "\(found)")
        let plan = try await fleet.writ("plan", "--full", "--detailed-exitcode")
        #expect(plan.status == 2 && plan.stdout.contains("Trigger/every-minute, which stands at"), "\(plan)")
        let json = try await fleet.json("plan", "--full")
        #expect(json["drift"]?[0]?["outcome"] == "restored")
        #expect(try MachineFormat.violations(of: json, "plan").isEmpty)
        let applied = try await fleet.writ("apply", "--full")
        #expect(applied.status == 0 && applied.stdout.contains("Restored Trigger/every-minute"), "\(applied)")
        #expect(try await check(fleet).hasPrefix("ok "))
        // A place that can be read stays.
        if number > 0 { #expect(try instant(fleet) == before) }
        #expect(try await fleet.json("plan", "--full")["drift"] == nil)
        #expect(try await fleet.json("status")["revision"]?["number"]?.int == 1)
    }

    @Test("Is put right by the start of serve, and the schedule goes on")
    func served() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try execute(fleet, "DELETE FROM schedule_cursor")
        let status = try await fleet.json("status")
        #expect(status["schedules"]?[0]?["nextFireAt"] == nil, "\(status)")
        #expect(status["schedules"]?[0]?["problem"]?.string?.contains("see `writ doctor`") == true, "\(status)")
        let serve = try await fleet.serve("--interval", "1s")
        try await serve.logged("restored what was altered behind writ's back")
        try await waitUntil("the next instant is worked out") {
            try await fleet.json("status")["schedules"]?[0]?["nextFireAt"] != nil
        }
        let queue = try DatabaseQueue(path: fleet.statePath)
        try await waitUntil("the schedule is on the board again") {
            try await queue.read { try Int64.fetchOne($0, sql: "SELECT next_at FROM schedule_cursor") } != nil
        }
        try queue.close()
        #expect(try await serve.terminate() == 0)
    }

    @Test("An altered schedule is told as that, and its place is not")
    func alteredSchedule() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try execute(
            fleet,
            """
            UPDATE manifest SET body = json_set(body, '$.spec.schedule.cron', '0 0 1 1 *')
            WHERE json_extract(body, '$.metadata.name') = 'every-minute'
            """)
        let drift = try await fleet.json("plan", "--full")["drift"]?.array
        #expect(drift?.count == 1 && drift?.first?["fields"]?.array?.isEmpty == false, "\(drift ?? [])")
        #expect(try await fleet.writ("apply").status == 0)
        #expect(try await check(fleet) == "ok 1 schedule has come as far as was recorded ")
    }
}
