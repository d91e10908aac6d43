/// The queue in lanes: the runs of one agent, or of one tool, that wait with one priority.
enum Schema10 {
    /// SQLite's own triggers count what waits, so that no way into the queue or out of it forgets it.
    static let lanes = """
        ALTER TABLE run ADD COLUMN lane TEXT NOT NULL
            GENERATED ALWAYS AS (CASE WHEN agent IS NULL THEN 'tool/' || tool ELSE 'agent/' || agent END) VIRTUAL;
        DROP INDEX run_queue;
        CREATE INDEX run_lane ON run (lane, priority, not_before) WHERE state = 'queued';

        -- turn: those with lower ones come first. Kept when nothing waits, so that nobody jumps the queue by being new.
        CREATE TABLE queue_lane (
            lane TEXT NOT NULL CHECK (lane <> ''),
            priority INTEGER NOT NULL,
            waiting INTEGER NOT NULL CHECK (waiting >= 0),
            turn INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (lane, priority)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX queue_turn ON queue_lane (priority DESC, turn) WHERE waiting > 0;

        INSERT INTO queue_lane (lane, priority, waiting)
            SELECT lane, priority, count(*) FROM run WHERE state = 'queued' GROUP BY lane, priority;

        CREATE TRIGGER run_queued AFTER INSERT ON run WHEN NEW.state = 'queued'
        BEGIN
            INSERT INTO queue_lane (lane, priority, waiting) VALUES (NEW.lane, NEW.priority, 1)
                ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + 1;
        END;
        CREATE TRIGGER run_requeued AFTER UPDATE OF state ON run WHEN NEW.state = 'queued' AND OLD.state <> 'queued'
        BEGIN
            INSERT INTO queue_lane (lane, priority, waiting) VALUES (NEW.lane, NEW.priority, 1)
                ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + 1;
        END;
        CREATE TRIGGER run_left_queue AFTER UPDATE OF state ON run WHEN OLD.state = 'queued' AND NEW.state <> 'queued'
        BEGIN
            UPDATE queue_lane SET waiting = waiting - 1 WHERE lane = OLD.lane AND priority = OLD.priority;
        END;
        CREATE TRIGGER run_removed AFTER DELETE ON run WHEN OLD.state = 'queued'
        BEGIN
            UPDATE queue_lane SET waiting = waiting - 1 WHERE lane = OLD.lane AND priority = OLD.priority;
        END;
        """
}
