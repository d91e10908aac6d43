import Spec
import State
import Values

/// The clock and the time zones.
enum TimeChecks {
    /// 2026-01-01: this program is younger.
    private static let earliest = Instant(seconds: 1_767_225_600)

    static func findings(_ applied: AppliedState, lastSeen: Instant?, now: Instant) -> [Finding] {
        [clock(lastSeen, now), zones(applied)]
    }

    private static func clock(_ lastSeen: Instant?, _ now: Instant) -> Finding {
        let fix = "set the clock, and keep it with NTP: schedules and signatures go by it"
        if now < earliest { return .problem("clock", "the clock says \(now.rfc3339), which is long ago", fix: fix) }
        if let lastSeen, now < lastSeen {
            return .problem(
                "clock", "the clock says \(now.rfc3339), and something was recorded at \(lastSeen.rfc3339)", fix: fix)
        }
        return .ok("clock", now.rfc3339)
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
