/// What the files of the applied commit say, so that the next one is read where it differs only.
enum Schema3 {
    static let sources = """
        -- One row: of which commit the rest is. It holds while the revision is the last one.
        CREATE TABLE source_index (
            one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
            commit_id TEXT NOT NULL CHECK (commit_id <> ''),
            directory TEXT NOT NULL,
            revision INTEGER NOT NULL,
            reader TEXT NOT NULL,
            serial INTEGER NOT NULL,
            manifests INTEGER NOT NULL CHECK (manifests >= 0),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            counts TEXT NOT NULL CHECK (json_valid(counts))
        ) STRICT;

        CREATE TABLE source_file (
            path TEXT PRIMARY KEY NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('manifest', 'settings', 'included', 'unread')),
            blob TEXT NOT NULL,
            size INTEGER NOT NULL,
            declares TEXT NOT NULL CHECK (json_valid(declares)),
            includes TEXT NOT NULL CHECK (json_valid(includes)),
            diagnostics TEXT CHECK (diagnostics IS NULL OR json_valid(diagnostics)),
            each_time INTEGER NOT NULL CHECK (each_time IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX source_file_diagnostics ON source_file (path) WHERE diagnostics IS NOT NULL;
        CREATE INDEX source_file_each_time ON source_file (path) WHERE each_time = 1;

        CREATE TABLE source_inclusion (
            included TEXT NOT NULL,
            path TEXT NOT NULL,
            PRIMARY KEY (included, path)
        ) STRICT, WITHOUT ROWID;

        -- Who names whom. A use is a reference by which work comes to its target.
        CREATE TABLE resource_reference (
            target_kind TEXT NOT NULL,
            target_name TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            is_use INTEGER NOT NULL CHECK (is_use IN (0, 1)),
            PRIMARY KEY (target_kind, target_name, kind, name)
        ) STRICT, WITHOUT ROWID;

        -- Of the few resources of which there is something to say.
        CREATE TABLE resource_note (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            renamed_from TEXT,
            advice TEXT NOT NULL CHECK (json_valid(advice)),
            PRIMARY KEY (kind, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX resource_note_renamed ON resource_note (kind, renamed_from) WHERE renamed_from IS NOT NULL;
        """
}
