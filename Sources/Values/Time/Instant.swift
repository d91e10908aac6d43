/// A point in time, counted in milliseconds since 1970-01-01T00:00:00Z without leap seconds.
///
/// Arithmetic saturates at the ends of the range (about 292 million years each way); nothing here traps.
package struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    /// The instant `milliseconds` after 1970-01-01T00:00:00Z.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The instant `seconds` after 1970-01-01T00:00:00Z, or the nearest end of the range.
    package init(seconds: Int64) {
        let product = seconds.multipliedReportingOverflow(by: 1_000)
        milliseconds = product.overflow ? (seconds < 0 ? .min : .max) : product.partialValue
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    package var seconds: Int64 {
        Gregorian.floorDivide(milliseconds, 1_000)
    }

    /// This instant moved by a duration (whole milliseconds of it), or the nearest end of the range.
    package func advanced(by duration: Duration) -> Instant {
        let distance = duration.milliseconds
        let sum = milliseconds.addingReportingOverflow(distance)
        return Instant(milliseconds: sum.overflow ? (distance < 0 ? .min : .max) : sum.partialValue)
    }

    /// The time from `earlier` to this instant; negative if `earlier` is later.
    package func duration(since earlier: Instant) -> Duration {
        .milliseconds(milliseconds) - .milliseconds(earlier.milliseconds)
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension Instant: CustomStringConvertible {
    /// The same as `rfc3339`.
    package var description: String { rfc3339 }
}
