/// What is deleted is kept for a while, and a revision can take back another one.
enum Schema4 {
    /// A deleted resource, until it is purged or there again. Its manifest is that of its last version.
    static let tombstones = """
        CREATE TABLE tombstone (
            kind TEXT NOT NULL CHECK (kind <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            revision INTEGER NOT NULL REFERENCES revision (number),
            deleted_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL CHECK (expires_at >= deleted_at),
            cursor_instant INTEGER,
            cursor_digest TEXT,
            PRIMARY KEY (kind, name),
            CHECK ((cursor_instant IS NULL) = (cursor_digest IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tombstone_expiry ON tombstone (expires_at);

        -- For finding out whether anything else keeps a manifest.
        CREATE INDEX resource_version_digest ON resource_version (digest);
        CREATE INDEX run_manifest ON run (manifest_digest) WHERE manifest_digest IS NOT NULL;

        -- Deleted by an earlier version of writ: kept from now on.
        INSERT INTO tombstone (kind, name, revision, deleted_at, expires_at)
            SELECT v.kind, v.name, max(v.to_revision), r.created_at,
                max(r.created_at, CAST(unixepoch() AS INTEGER) * 1000) + 2592000000
            FROM resource_version AS v
                JOIN revision_change AS c
                    ON c.revision = v.to_revision AND c.kind = v.kind AND c.name = v.name AND c.action = 'delete'
                JOIN revision AS r ON r.number = v.to_revision
            WHERE NOT EXISTS (
                SELECT 1 FROM resource_version AS l
                WHERE l.kind = v.kind AND l.name = v.name AND l.to_revision IS NULL)
            GROUP BY v.kind, v.name;
        """

    /// What a revision takes back: all of another one, or its change of one resource.
    static let undoing = """
        ALTER TABLE revision ADD COLUMN undoes INTEGER REFERENCES revision (number);
        ALTER TABLE revision ADD COLUMN undoes_kind TEXT;
        ALTER TABLE revision ADD COLUMN undoes_name TEXT;
        """
}
