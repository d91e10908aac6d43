/// Hosts that are left alone because they failed several times in a row.
enum Schema15 {
    static let openCircuits = """
        CREATE TABLE open_circuit (
            origin TEXT PRIMARY KEY NOT NULL CHECK (origin <> ''),
            failures INTEGER NOT NULL CHECK (failures > 0),
            since INTEGER NOT NULL,
            until INTEGER NOT NULL,
            error TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
