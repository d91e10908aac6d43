import GRDB
import Values

/// A host that `serve` leaves alone because it failed several times in a row, for those who look at the state.
package struct RecordedCircuit: Sendable, Hashable {
    /// `https://host` or `https://host:8443`.
    package let origin: String
    /// In a row.
    package let failures: Int
    package let since: Instant
    /// When it is tried again.
    package let until: Instant
    /// The last failure, without secrets.
    package let error: String

    package init(origin: String, failures: Int, since: Instant, until: Instant, error: String) {
        self.origin = origin
        self.failures = failures
        self.since = since
        self.until = until
        self.error = error
    }

    fileprivate init(row: Row) throws {
        origin = try row.get("origin")
        failures = try row.get("failures")
        since = try row.get("since")
        until = try row.get("until")
        error = try row.get("error")
    }
}

extension StateReader {
    /// By the hosts' names.
    package func openCircuits() throws(StateError) -> [RecordedCircuit] {
        try read("reading which hosts are left alone") { db in
            try db.rows("SELECT * FROM open_circuit ORDER BY origin").map(RecordedCircuit.init(row:))
        }
    }
}

extension StateStore {
    /// Records all that there are; others are closed.
    package func recordCircuits(_ circuits: [RecordedCircuit]) throws(StateError) {
        try write("recording which hosts are left alone") { db in
            try db.run("DELETE FROM open_circuit")
            for circuit in circuits {
                try db.run(
                    """
                    INSERT INTO open_circuit (origin, failures, since, until, error)
                    VALUES (:origin, :failures, :since, :until, :error)
                    """,
                    [
                        "origin": circuit.origin, "failures": circuit.failures, "since": circuit.since,
                        "until": circuit.until, "error": StoredText.capped(circuit.error, limit: 1_000) ?? "",
                    ])
            }
        }
    }
}
