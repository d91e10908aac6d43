import Testing

@testable import Values

@Suite struct ZoneTests {
    @Test(
        "the offset and the name of the time, from the file and from its footer's rule",
        arguments: [
            ("Europe/Berlin", "1880-01-01T00:00:00Z", 3_208, "LMT"),
            ("Europe/Berlin", "1945-06-01T00:00:00Z", 10_800, "CEMT"),
            ("Europe/Berlin", "2026-03-29T00:59:59Z", 3_600, "CET"),
            ("Europe/Berlin", "2026-03-29T01:00:00Z", 7_200, "CEST"),
            ("Europe/Berlin", "2099-07-01T00:00:00Z", 7_200, "CEST"),
            ("Europe/Berlin", "2500-01-01T00:00:00Z", 3_600, "CET"),
            ("Europe/Dublin", "2090-01-01T00:00:00Z", 0, "GMT"),
            ("Europe/Dublin", "2090-07-01T00:00:00Z", 3_600, "IST"),
            ("America/New_York", "2150-12-01T00:00:00Z", -18_000, "EST"),
            ("Australia/Lord_Howe", "2090-01-01T00:00:00Z", 39_600, "+11"),
            ("Australia/Lord_Howe", "2090-07-01T00:00:00Z", 37_800, "+1030"),
            ("Asia/Kathmandu", "2090-07-01T00:00:00Z", 20_700, "+0545"),
            ("Pacific/Apia", "2090-07-01T00:00:00Z", 46_800, "+13"),
            ("UTC", "2026-07-01T00:00:00Z", 0, "UTC"), ("Etc/UTC", "2026-07-01T00:00:00Z", 0, "UTC"),
        ])
    func offsets(name: String, at text: String, offset: Int, abbreviation: String) throws {
        let zone = try zones.zone(named: name)
        #expect(zone.offset(at: try instant(text)) == offset)
        #expect(zone.abbreviation(at: try instant(text)) == abbreviation)
        #expect(zone.identifier == name)
    }

    @Test func `the clock on the wall`() throws {
        let local = try zones.zone(named: "America/New_York").localTime(at: try instant("2026-03-08T07:00:05.9Z"))
        #expect(local == CivilTime(year: 2026, month: 3, day: 8, hour: 3, minute: 0, second: 5))
        #expect(local.weekday == 0)
    }

    @Test func `transitions follow each other for ever, or end`() throws {
        let berlin = try zones.zone(named: "Europe/Berlin")
        for (after, expected) in [
            ("2026-01-01T00:00:00Z", "2026-03-29T01:00:00Z"), ("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"),
            ("8026-01-01T00:00:00Z", "8026-03-29T01:00:00Z"),
        ] {
            #expect(berlin.nextTransition(after: try instant(after)) == (try instant(expected)))
        }
        #expect(Zone.utc.nextTransition(after: try instant("2026-01-01T00:00:00Z")) == nil)
        let tokyo = try zones.zone(named: "Asia/Tokyo")
        #expect(tokyo.nextTransition(after: try instant("1990-01-01T00:00:00Z")) == nil)
    }

    @Test func `a time on the wall stands for one instant, for none or for two`() throws {
        let zone = try zones.zone(named: "America/New_York")
        func resolve(_ month: Int, _ day: Int, _ hour: Int, _ minute: Int) throws -> Zone.LocalResolution {
            zone.resolve(
                try #require(CivilTime(year: 2026, month: month, day: day, hour: hour, minute: minute)))
        }
        #expect(try resolve(7, 1, 12, 0) == .unique(try instant("2026-07-01T16:00:00Z")))
        #expect(try resolve(3, 8, 2, 30) == .gap(before: try instant("2026-03-08T07:00:00Z"), seconds: 3_600))
        #expect(try resolve(3, 8, 3, 0) == .unique(try instant("2026-03-08T07:00:00Z")))
        #expect(
            try resolve(11, 1, 1, 30)
                == .overlap(first: try instant("2026-11-01T05:30:00Z"), second: try instant("2026-11-01T06:30:00Z")))
        #expect(try resolve(11, 1, 2, 0) == .unique(try instant("2026-11-01T07:00:00Z")))
    }

    /// Fault 100.
    @Test func `an unknown zone is refused with what to do`() {
        let error = #expect(throws: ZoneError.self) { try zones.zone(named: "Europe/Atlantis") }
        #expect(error?.message.contains("unknown time zone Europe/Atlantis") == true)
        #expect(error?.message.contains("tzdata") == true)
    }

    @Test(
        "names that could leave the directory are never read",
        arguments: [
            "", "/etc/passwd", "../../etc/passwd", "Europe/../Berlin", "Europe//Berlin", "Europe/", "a b", "CET\0",
            "Zürich", String(repeating: "a", count: 65),
        ])
    func unsafe(name: String) {
        let database = ZoneDatabase { name in
            Issue.record("read \(name)")
            return nil
        }
        #expect(throws: ZoneError.self) { try database.zone(named: name) }
    }

    @Test func `a zone is read once`() throws {
        let bytes = try zoneBytes("Asia/Tokyo")
        let reads = Counter()
        let database = ZoneDatabase { _ in
            reads.increment()
            return bytes
        }
        #expect(try database.zone(named: "Asia/Tokyo") === database.zone(named: "Asia/Tokyo"))
        #expect(reads.value == 1)
    }
}
