/// What operators change by hand, beside what is applied.
enum Schema6 {
    static let overrides = """
        -- Kept when it has ended, as the history of who did what.
        CREATE TABLE override (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            kind TEXT NOT NULL CHECK (kind <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            pointer TEXT NOT NULL,
            value TEXT NOT NULL CHECK (json_valid(value)),
            reason TEXT NOT NULL CHECK (reason <> ''),
            actor TEXT NOT NULL,
            since INTEGER NOT NULL,
            until INTEGER CHECK (until > since),
            ended_at INTEGER,
            ended_by TEXT,
            CHECK ((ended_at IS NULL) = (ended_by IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX override_in_force ON override (kind, name, pointer) WHERE ended_at IS NULL;
        """
}
