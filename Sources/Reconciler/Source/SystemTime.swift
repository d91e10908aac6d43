import Foundation
import Spec
import Values

enum SystemTime {
    /// The wall clock.
    static func now() -> Instant {
        Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }
}

extension ClockOption {
    /// The instant to plan for.
    func instant() throws -> Instant {
        guard let at else { return SystemTime.now() }
        guard let instant = Instant(rfc3339: at) else {
            throw CommandFailure("--at \(quoted(at)) is not an instant: write it as 2026-01-31T09:00:00Z")
        }
        return instant
    }
}

extension IdentifierGenerator {
    static let system = IdentifierGenerator(
        now: { SystemTime.now().milliseconds }, random: { UInt64.random(in: .min ... .max) })
}
