import State
import Values

/// How far ahead of the clock anything can be due by what sets it: what is due later was set by a clock that was ahead.
extension WorkTable {
    /// The longest of jitter (1 h), backoff (1 h), and a receiver's wish (1 h) with its spread (1 h); and some more.
    package static let runs = WorkTable.runs(longest: .seconds(3 * 3_600))
    /// The last wait of the schedule of Standard Webhooks (24 h) and a half of it; and some more.
    package static let deliveries = WorkTable.deliveries(longest: .seconds(37 * 3_600))
}
