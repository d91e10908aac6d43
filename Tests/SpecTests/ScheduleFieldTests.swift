import Spec
import Testing
import Values

@Suite struct ScheduleFieldTests {
    @Test(arguments: [
        "* * * * * *", "60 * * * *", "*/0 * * * *", "'@every 0s'", "0 0 31 2 *", "0 9 * *", "''", "a b c d e",
    ])
    func `a cron expression that is none, or never fires, is refused (fault A29)`(cron: String) throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                schedule: {cron: «1»\(cron.hasPrefix("'") ? cron : "'\(cron)'")}
                === expected ===
                1: error bad-value
                """)
    }

    @Test(arguments: [
        "Europe/Berln", "europe/berlin", "../../etc/passwd", "/etc/localtime", "CET CEST", "''", "+02:00",
    ])
    func `a time zone that this machine does not know is refused`(zone: String) throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                schedule: {cron: '0 9 * * *', timeZone: «1»\(zone)}
                === expected ===
                1: error bad-value: zone => Europe/Berlin
                """)
    }

    @Test(arguments: ["UTC", "Etc/UTC", "Europe/Berlin", "America/Argentina/Ushuaia"])
    func `a time zone has its IANA name`(zone: String) throws {
        let catalog = try load(
            Parts.agents + "=== t.yaml: Trigger t ===\nagent: brief\nschedule: {cron: '0 9 * * *', timeZone: \(zone)}")
        #expect(catalog.spec(Trigger.self, named: "t")?.schedule?.timeZone.identifier == zone)
    }

    @Test(arguments: ["5", "5 m", "-5m", "1.5h", "1m1h", "5M", "''", "P1D", "99999999999999999999d"])
    func `a duration has its form`(written: String) throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                schedule: {cron: '0 9 * * *', jitter: «1»\(written)}
                === expected ===
                1: error bad-value: is not a duration => 30s
                """)
    }

    @Test func `the timing of a schedule is its cron and its zone, and nothing else of it`() throws {
        func digest(_ fields: String) throws -> String? {
            let catalog = try load(
                Parts.agents + "=== t.yaml: Trigger t ===\nagent: brief\nschedule: {\(fields)}")
            return catalog.spec(Trigger.self, named: "t")?.schedule?.timingDigest.text
        }
        let first = try digest("cron: 0 9 * * *")
        #expect(first != nil)
        #expect(try digest("cron: 0 9 * * *, catchUp: all, jitter: 5s, concurrencyPolicy: Allow") == first)
        #expect(try digest("cron: 0 9 * * *, timeZone: Europe/Berlin") != first)
        #expect(try digest("cron: 1 9 * * *") != first)
    }
}
