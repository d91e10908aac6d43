import GRDB

/// Sums over everything that is recorded, for metrics.
package struct RecordedTotals: Sendable {
    /// Every one that ever came in, those since removed included.
    package let events: Int
    /// Of each agent's runs, in the order of names.
    package let tokens: [(agent: String, used: (input: Int, output: Int))]
}

extension StateReader {
    package func totals() throws(StateError) -> RecordedTotals {
        try read("adding up what is recorded") { db in
            let rows = try db.rows(
                """
                SELECT agent, sum(tokens_in) AS input, sum(tokens_out) AS output FROM run
                WHERE agent IS NOT NULL GROUP BY agent ORDER BY agent
                """)
            return RecordedTotals(
                events: try db.lastEvent(),
                tokens: try rows.map { (try $0.get("agent"), (try $0.get("input"), try $0.get("output"))) })
        }
    }
}
