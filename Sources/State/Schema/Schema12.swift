/// What is remembered of what was removed.
enum Schema12 {
    static let retention = """
        -- Ids of senders whose events were removed while they may still come again.
        CREATE TABLE event_key (
            endpoint TEXT NOT NULL,
            dedupe_key TEXT NOT NULL,
            event TEXT NOT NULL,
            received_at INTEGER NOT NULL,
            body_digest TEXT NOT NULL,
            UNIQUE (endpoint, dedupe_key)
        ) STRICT;
        CREATE INDEX event_key_age ON event_key (received_at);

        CREATE TABLE cleanup (
            part TEXT PRIMARY KEY NOT NULL,
            removed INTEGER NOT NULL DEFAULT 0 CHECK (removed >= 0),
            finished_at INTEGER
        ) STRICT, WITHOUT ROWID;
        """
}
