/// What others than Writ do to the state's file.
enum Schema7 {
    static let alterations = """
        -- Filled by the triggers below alone: Writ never changes a manifest, nor what a version is of.
        CREATE TABLE alteration (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            digest TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER manifest_altered AFTER UPDATE ON manifest
        BEGIN
            INSERT INTO alteration (digest) VALUES (old.digest);
        END;
        CREATE TRIGGER version_altered AFTER UPDATE OF kind, name, digest, from_revision ON resource_version
        BEGIN
            INSERT INTO alteration (digest) VALUES (old.digest);
        END;
        CREATE TRIGGER version_removed AFTER DELETE ON resource_version WHEN old.to_revision IS NULL
        BEGIN
            INSERT INTO alteration (digest) VALUES (old.digest);
        END;

        CREATE TABLE restoration (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            kind TEXT NOT NULL CHECK (kind <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            digest TEXT NOT NULL,
            restored_at INTEGER NOT NULL,
            actor TEXT NOT NULL
        ) STRICT;
        """
}
