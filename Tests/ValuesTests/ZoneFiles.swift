import Foundation
import Synchronization
import Testing
import Values

/// The system's time zones.
let zones = ZoneDatabase { name in
    FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map(Array.init)
}

func instant(_ text: String) throws -> Instant {
    try #require(Instant(rfc3339: text), "not RFC 3339: \(text)")
}

/// The next times of an expression, in RFC 3339 with the offset of the zone.
func times(
    _ expression: String, after start: String, in zone: String = "UTC", count: Int
) throws -> [String] {
    let cron = try CronExpression(expression)
    let zone = try zones.zone(named: zone)
    var last = try instant(start)
    return try (0..<count).map { _ in
        last = try #require(cron.next(after: last, in: zone))
        return last.rfc3339(in: zone)
    }
}

func zoneBytes(_ name: String) throws -> [UInt8] {
    Array(try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)")))
}

/// Counts across closures.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func increment() { count.withLock { $0 += 1 } }
}
