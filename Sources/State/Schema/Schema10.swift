/// The queue in lanes: the runs of one agent, or of one tool, that wait with one priority.
enum Schema10 {
    /// SQLite's own triggers count what waits, so that no way into the queue or out of it forgets it.
    static let lanes = """
        DROP INDEX run_queue;
        -- Of an expression and not of a generated column: SQLite 3.40 cannot copy a table with one. Without the type
        -- the index would not be found.
        CREATE INDEX run_lane ON run (
            CAST(CASE WHEN agent IS NULL THEN 'tool/' || tool ELSE 'agent/' || agent END AS TEXT), priority, not_before)
            WHERE state = 'queued';

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
            SELECT CASE WHEN agent IS NULL THEN 'tool/' || tool ELSE 'agent/' || agent END, priority, count(*)
            FROM run WHERE state = 'queued' GROUP BY 1, 2;

        CREATE TRIGGER run_queued AFTER INSERT ON run WHEN NEW.state = 'queued'
        BEGIN
            INSERT INTO queue_lane (lane, priority, waiting)
                VALUES (CASE WHEN NEW.agent IS NULL THEN 'tool/' || NEW.tool ELSE 'agent/' || NEW.agent END,
                    NEW.priority, 1)
                ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + 1;
        END;
        CREATE TRIGGER run_requeued AFTER UPDATE OF state ON run WHEN NEW.state = 'queued' AND OLD.state <> 'queued'
        BEGIN
            INSERT INTO queue_lane (lane, priority, waiting)
                VALUES (CASE WHEN NEW.agent IS NULL THEN 'tool/' || NEW.tool ELSE 'agent/' || NEW.agent END,
                    NEW.priority, 1)
                ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + 1;
        END;
        CREATE TRIGGER run_left_queue AFTER UPDATE OF state ON run WHEN OLD.state = 'queued' AND NEW.state <> 'queued'
        BEGIN
            UPDATE queue_lane SET waiting = waiting - 1
            WHERE priority = OLD.priority
                AND lane = CASE WHEN OLD.agent IS NULL THEN 'tool/' || OLD.tool ELSE 'agent/' || OLD.agent END;
        END;
        CREATE TRIGGER run_removed AFTER DELETE ON run WHEN OLD.state = 'queued'
        BEGIN
            UPDATE queue_lane SET waiting = waiting - 1
            WHERE priority = OLD.priority
                AND lane = CASE WHEN OLD.agent IS NULL THEN 'tool/' || OLD.tool ELSE 'agent/' || OLD.agent END;
        END;
        """
}
