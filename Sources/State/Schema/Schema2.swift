/// Renames, and what the applied repository says of later commits.
enum Schema2 {
    static let renames = """
        CREATE TABLE revision_change_2 (
            revision INTEGER NOT NULL REFERENCES revision (number),
            position INTEGER NOT NULL CHECK (position >= 0),
            action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete', 'rename')),
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            former_name TEXT CHECK (former_name <> name),
            reason TEXT NOT NULL,
            fields TEXT NOT NULL CHECK (json_valid(fields)),
            PRIMARY KEY (revision, position),
            CHECK ((action = 'rename') = (former_name IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        INSERT INTO revision_change_2 (revision, position, action, kind, name, reason, fields)
            SELECT revision, position, action, kind, name, reason, fields FROM revision_change;
        DROP TABLE revision_change;
        ALTER TABLE revision_change_2 RENAME TO revision_change;
        CREATE INDEX revision_change_resource ON revision_change (kind, name, revision);
        CREATE INDEX revision_change_former ON revision_change (kind, former_name, revision)
            WHERE former_name IS NOT NULL;
        """

    /// One row: writ.yaml of the commit that was looked at last and found good.
    static let settings = """
        CREATE TABLE repository_settings (
            one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
            settings TEXT NOT NULL CHECK (json_valid(settings))
        ) STRICT;
        """
}
