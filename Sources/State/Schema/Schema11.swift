/// Webhooks that writ keeps at their senders, and what did not come through them.
enum Schema11 {
    static let registrations = """
        -- The outbox of what is to be at the senders: a row is there from the revision that declares it until the
        -- webhook is gone from the sender. The declaration names secrets and never holds one.
        CREATE TABLE registration (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            kind TEXT NOT NULL CHECK (kind <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            sender TEXT NOT NULL CHECK (sender IN ('github', 'telegram')),
            target TEXT NOT NULL,
            url TEXT,
            declaration TEXT NOT NULL CHECK (json_valid(declaration)),
            remote_id TEXT,
            standing TEXT NOT NULL CHECK (standing IN ('pending', 'registered', 'failing', 'removing')),
            since INTEGER NOT NULL,
            attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
            due_at INTEGER NOT NULL,
            problem TEXT,
            looked_at INTEGER,
            sender_says TEXT,
            waiting INTEGER CHECK (waiting >= 0),
            UNIQUE (kind, name, target)
        ) STRICT;
        CREATE INDEX registration_due ON registration (due_at);

        -- One delivery that failed at its sender, or a span of time of which nobody can tell.
        CREATE TABLE missed_delivery (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            registration INTEGER NOT NULL REFERENCES registration (seq) ON DELETE CASCADE,
            key TEXT NOT NULL,
            remote_id TEXT,
            event TEXT,
            from_at INTEGER NOT NULL,
            to_at INTEGER NOT NULL CHECK (to_at >= from_at),
            state TEXT NOT NULL CHECK (state IN ('waiting', 'healed', 'lost')),
            attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
            due_at INTEGER NOT NULL,
            reason TEXT,
            settled_at INTEGER,
            UNIQUE (registration, key),
            CHECK ((state = 'waiting') = (settled_at IS NULL))
        ) STRICT;
        CREATE INDEX missed_delivery_due ON missed_delivery (registration, due_at) WHERE state = 'waiting';
        CREATE INDEX missed_delivery_settled ON missed_delivery (settled_at) WHERE settled_at IS NOT NULL;
        """
}
