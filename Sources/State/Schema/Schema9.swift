/// What others take into force or out of it.
enum Schema9 {
    static let recording = """
        -- Has a row within the transaction that records a revision, and never outside of it.
        CREATE TABLE recording (revision INTEGER NOT NULL) STRICT;
        CREATE TRIGGER version_ended AFTER UPDATE OF to_revision ON resource_version
            WHEN NOT EXISTS (SELECT 1 FROM recording)
        BEGIN
            INSERT INTO alteration (digest) VALUES (old.digest);
        END;
        CREATE TRIGGER version_added AFTER INSERT ON resource_version
            WHEN NEW.to_revision IS NULL AND NOT EXISTS (SELECT 1 FROM recording)
        BEGIN
            INSERT INTO alteration (digest) VALUES (new.digest);
        END;
        """
}
