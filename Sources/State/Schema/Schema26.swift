/// What goes by the name of a resource goes on with it under its next name.
enum Schema26 {
    /// `lane`: where the run waits and counts since its agent or tool was renamed; NULL where that is called as it was
    /// when the run began. What it runs stays named as its revision names it.
    static let lanes = """
        ALTER TABLE run ADD COLUMN lane TEXT;
        DROP INDEX run_lane;
        CREATE INDEX run_lane ON run (
            CAST(coalesce(lane, CASE WHEN agent IS NULL THEN 'tool/' || tool ELSE 'agent/' || agent END) AS TEXT),
            priority, not_before)
            WHERE state = 'queued';

        DROP TRIGGER run_requeued;
        DROP TRIGGER run_left_queue;
        DROP TRIGGER run_removed;
        CREATE TRIGGER run_requeued AFTER UPDATE OF state ON run WHEN NEW.state = 'queued' AND OLD.state <> 'queued'
        BEGIN
            INSERT INTO queue_lane (lane, priority, waiting)
                VALUES (coalesce(NEW.lane,
                    CASE WHEN NEW.agent IS NULL THEN 'tool/' || NEW.tool ELSE 'agent/' || NEW.agent END),
                    NEW.priority, 1)
                ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + 1;
        END;
        CREATE TRIGGER run_left_queue AFTER UPDATE OF state ON run WHEN OLD.state = 'queued' AND NEW.state <> 'queued'
        BEGIN
            UPDATE queue_lane SET waiting = waiting - 1
            WHERE priority = OLD.priority AND lane = coalesce(OLD.lane,
                CASE WHEN OLD.agent IS NULL THEN 'tool/' || OLD.tool ELSE 'agent/' || OLD.agent END);
        END;
        CREATE TRIGGER run_removed AFTER DELETE ON run WHEN OLD.state = 'queued'
        BEGIN
            UPDATE queue_lane SET waiting = waiting - 1
            WHERE priority = OLD.priority AND lane = coalesce(OLD.lane,
                CASE WHEN OLD.agent IS NULL THEN 'tool/' || OLD.tool ELSE 'agent/' || OLD.agent END);
        END;
        """

    /// Events are not written anew when what they came in by is renamed: which of them are whose tells their order.
    static let endpoints = """
        -- The events up to `through` that came in by `endpoint`, and after the row before of the same endpoint, are those
        -- of what is sent to by `now` today.
        CREATE TABLE former_endpoint (
            endpoint TEXT NOT NULL CHECK (endpoint <> ''),
            through INTEGER NOT NULL CHECK (through >= 0),
            now TEXT NOT NULL CHECK (now <> ''),
            PRIMARY KEY (endpoint, through)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX former_endpoint_now ON former_endpoint (now);

        -- Among the events: where the key's was, or where it was given to another endpoint.
        ALTER TABLE event_key ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
        """
}
