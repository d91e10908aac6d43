import Runtime
import Spec
import State
import Values

/// The clock and the time zones.
enum TimeChecks {
    /// 2026-01-01: this program is younger.
    private static let earliest = Instant(seconds: 1_767_225_600)

    /// What was recorded by the clock as it was.
    struct Past {
        /// The last thing that was.
        var last: Instant?
        /// The schedule that has come furthest.
        var furthest: Furthest?
        /// Work that is due at a time which only a clock that was ahead can have set.
        var stranded = 0

        struct Furthest {
            let trigger: String
            let instant: Instant
        }
    }

    /// Clocks are set by so much all the time.
    private static let tolerance = Duration.seconds(60)

    static func findings(_ applied: AppliedState, _ past: Past, isServed: Bool, now: Instant) -> [Finding] {
        [clock(past, isServed, now), zones(applied)]
    }

    private static func clock(_ past: Past, _ isServed: Bool, _ now: Instant) -> Finding {
        let fix = "set the clock, and keep it with NTP: schedules and signatures go by it"
        if now < earliest { return .problem("clock", "the clock says \(now.rfc3339), which is long ago", fix: fix) }
        if !Scheduler.years.contains(now) {
            return .problem("clock", Scheduler.senseless(now), fix: fix)
        }
        let limit = now.advanced(by: tolerance)
        var ahead: [String] = []
        if let cursor = past.furthest, cursor.instant > limit {
            ahead.append("the schedule of trigger \(cursor.trigger) has come to \(cursor.instant.rfc3339)")
        }
        if let last = past.last, last > limit { ahead.append("something was recorded at \(last.rfc3339)") }
        if past.stranded > 0 { ahead.append("\(past.stranded) runs or messages wait for times too far ahead") }
        guard !ahead.isEmpty else { return .ok("clock", now.rfc3339) }
        // Which of both is wrong cannot be told from here.
        return .warning(
            "clock",
            "the clock says \(now.rfc3339), and \(ahead.joined(separator: ", ")): it was ahead then, or is behind now",
            fix: "compare it with another clock. If it is behind, set it. If it is right, "
                + remedy(past, isServed, now))
    }

    /// What has to be done where the clock is right by now.
    private static func remedy(_ past: Past, _ isServed: Bool, _ now: Instant) -> String {
        let wait = past.furthest.map { $0.instant.duration(since: now) } ?? .zero
        if wait > Scheduler.correction || past.stranded > 0 {
            return "`writ serve` goes on by it\(isServed ? " within a minute" : ": start it")"
        }
        if let cursor = past.furthest, wait > tolerance {
            return "nothing has to be done: schedules go on at \(cursor.instant.rfc3339), so that nothing runs twice"
        }
        return "nothing has to be done"
    }

    private static func zones(_ applied: AppliedState) -> Finding {
        let directory = Environment["TZDIR"] ?? "/usr/share/zoneinfo"
        let used = applied.resources.filter { $0.id.kind == .trigger }.compactMap {
            $0.manifest["spec"]?["schedule"]?["timeZone"]?.string
        }
        let wanted = Set(used + ["Europe/Berlin"]).sorted()
        let missing = wanted.filter { (try? SystemZones.database.zone(named: $0)) == nil }
        guard missing.isEmpty else {
            return .problem(
                "time-zones", "\(missing.joined(separator: ", ")) cannot be read below \(directory)",
                fix: "install the package tzdata, or set TZDIR")
        }
        return .ok("time-zones", "\(version(directory) ?? "of unknown version") in \(directory)")
    }

    /// As Debian and the IANA's own Makefile leave it.
    private static func version(_ directory: String) -> String? {
        if let bytes = SmallFile.read(directory, "+VERSION", limit: 100) {
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
        }
        guard let bytes = SmallFile.read(directory, "tzdata.zi", limit: 1 << 20) else { return nil }
        let line = String(decoding: bytes.prefix(100), as: UTF8.self).split(separator: "\n").first ?? ""
        return line.hasPrefix("# version ") ? String(line.dropFirst("# version ".count)) : nil
    }
}
