/// Resources that keep their last good version, because the repository says something of them that cannot be applied.
enum Schema5 {
    static let stale = """
        CREATE TABLE stale_resource (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            is_applied INTEGER NOT NULL CHECK (is_applied IN (0, 1)),
            commit_id TEXT NOT NULL,
            since INTEGER NOT NULL,
            diagnostics TEXT NOT NULL CHECK (json_valid(diagnostics)),
            PRIMARY KEY (kind, name)
        ) STRICT, WITHOUT ROWID;
        """
}
