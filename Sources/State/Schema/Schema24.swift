/// What is deleted keeps what it had, also where another resource takes its name.
enum Schema24 {
    /// A name can be that of several: one after the other had it and was deleted.
    static let tombstonesOfTakenNames = """
        CREATE TABLE kept_tombstone (
            kind TEXT NOT NULL CHECK (kind <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            revision INTEGER NOT NULL REFERENCES revision (number),
            deleted_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL CHECK (expires_at >= deleted_at),
            cursor_instant INTEGER,
            cursor_digest TEXT,
            PRIMARY KEY (kind, name, revision),
            CHECK ((cursor_instant IS NULL) = (cursor_digest IS NULL))
        ) STRICT, WITHOUT ROWID;
        INSERT INTO kept_tombstone SELECT * FROM tombstone;
        DROP TABLE tombstone;
        ALTER TABLE kept_tombstone RENAME TO tombstone;
        CREATE INDEX tombstone_expiry ON tombstone (expires_at);
        """

    /// `deleted_by`: the revision that deleted what this is about; back to NULL when that is there again.
    static let overridesOfDeleted = """
        ALTER TABLE override ADD COLUMN deleted_by INTEGER REFERENCES revision (number);
        DROP INDEX override_in_force;
        CREATE UNIQUE INDEX override_in_force ON override (kind, name, pointer)
            WHERE ended_at IS NULL AND deleted_by IS NULL;
        UPDATE override SET deleted_by = (
            SELECT revision FROM tombstone WHERE kind = override.kind AND name = override.name)
        WHERE ended_at IS NULL;
        """
}
