/// What is remembered of webhooks at their senders, and of resources that cannot work.
enum Schema22 {
    /// `registered_since`: when it came to be, or ceased to be, at the sender; `ready_since`: when it began or ceased to
    /// fail; `placed`, `placed_url`: what was last put at the sender; `limited_until`: when the sender wants to hear of us
    /// again; `complete_since`: when `completeness` became what it is.
    static let registrationTimes = """
        ALTER TABLE registration ADD COLUMN registered_since INTEGER;
        ALTER TABLE registration ADD COLUMN ready_since INTEGER;
        ALTER TABLE registration ADD COLUMN placed TEXT CHECK (placed IS NULL OR json_valid(placed));
        ALTER TABLE registration ADD COLUMN placed_url TEXT;
        ALTER TABLE registration ADD COLUMN limited_until INTEGER;
        ALTER TABLE registration ADD COLUMN completeness TEXT;
        ALTER TABLE registration ADD COLUMN complete_since INTEGER;
        UPDATE registration SET registered_since = since, ready_since = iif(standing = 'failing', since, NULL),
            placed = iif(standing = 'registered', declaration, NULL),
            placed_url = iif(standing = 'registered', url, NULL);

        -- Whoever changes a standing says since when.
        CREATE TRIGGER registration_standing AFTER UPDATE OF standing ON registration WHEN old.standing <> new.standing
        BEGIN
            UPDATE registration SET registered_since = new.since
            WHERE seq = new.seq AND (new.standing IN ('registered', 'removing')
                OR old.standing IN ('registered', 'removing'));
            UPDATE registration SET ready_since = new.since
            WHERE seq = new.seq AND 'failing' IN (old.standing, new.standing);
        END;
        """

    /// Found by who serves: what was applied and cannot work there.
    static let problems = """
        CREATE TABLE resource_problem (
            kind TEXT NOT NULL CHECK (kind <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            reason TEXT NOT NULL CHECK (reason <> ''),
            message TEXT NOT NULL,
            since INTEGER NOT NULL,
            ended_at INTEGER,
            PRIMARY KEY (kind, name, reason)
        ) STRICT, WITHOUT ROWID;
        """
}
