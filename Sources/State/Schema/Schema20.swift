/// What the repository says of itself, once more.
enum Schema20 {
    static let settingsCopy = """
        -- The row of repository_settings with its digest: what is altered in one of the two is put back from the other.
        CREATE TABLE settings_copy (
            one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
            settings TEXT NOT NULL CHECK (json_valid(settings)),
            commit_id TEXT,
            earlier TEXT,
            digest TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER settings_altered AFTER UPDATE ON repository_settings
        BEGIN
            INSERT INTO alteration (digest) VALUES ('settings');
        END;
        CREATE TRIGGER settings_removed AFTER DELETE ON repository_settings
        BEGIN
            INSERT INTO alteration (digest) VALUES ('settings');
        END;
        """
}
