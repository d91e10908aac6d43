/// What each event that comes in, and its run, cost less by: a transaction writes a page of every index that it touches.
enum Schema30 {
    /// The runs without what only those need that have left the queue:
    ///
    /// - `run_state`, `run_agent` and `run_manifest` hold runs that have left it: those in it are found by `run_lane`. A query
    ///   has to say `state <> 'queued'` for SQLite to see that it may use them.
    /// - `run_instant` holds runs of schedules alone, and `run_later` runs that were not due when they came, or wait to be tried
    ///   again.
    /// - Without `AUTOINCREMENT`, which writes a row of its own for every row: numbers only order runs.
    /// - `input` is written by writ's own writer and not read once more.
    /// - `manifest_digest` is held to the manifests where they are removed (`KeptManifests`), and by the check of the state: SQLite
    ///   looks for those who refer to a row only in an index of all rows.
    static let lighterRuns = """
        CREATE TABLE run_anew (
            seq INTEGER PRIMARY KEY NOT NULL,
            id TEXT UNIQUE NOT NULL,
            state TEXT NOT NULL CHECK (state = 'queued' OR state = 'running' OR state = 'awaitingApproval'
                OR state = 'succeeded' OR state = 'failed' OR state = 'cancelled' OR state = 'skipped'
                OR state = 'discarded' OR state = 'unknown'),
            trigger_name TEXT,
            agent TEXT,
            tool TEXT,
            event_id TEXT REFERENCES event (id),
            revision INTEGER NOT NULL REFERENCES revision (number),
            manifest_digest TEXT,
            scheduled_at INTEGER,
            missed INTEGER NOT NULL DEFAULT 0 CHECK (missed >= 0),
            missed_since INTEGER,
            priority INTEGER NOT NULL,
            attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
            max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
            not_before INTEGER NOT NULL,
            lease INTEGER NOT NULL DEFAULT 0 CHECK (lease >= 0),
            lease_owner TEXT,
            lease_until INTEGER,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            output TEXT,
            error TEXT,
            reason TEXT,
            tokens_in INTEGER NOT NULL DEFAULT 0,
            tokens_out INTEGER NOT NULL DEFAULT 0,
            prompt_digest TEXT,
            model TEXT,
            input TEXT,
            lane TEXT,
            former_scheduled_at INTEGER CHECK (former_scheduled_at IS NULL OR scheduled_at IS NULL),
            UNIQUE (event_id, trigger_name),
            CHECK ((agent IS NULL) <> (tool IS NULL)),
            CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
            CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
            CHECK ((state = 'queued' OR state = 'running' OR state = 'awaitingApproval') = (finished_at IS NULL))
        ) STRICT;
        INSERT INTO run_anew (seq, id, state, trigger_name, agent, tool, event_id, revision, manifest_digest, scheduled_at,
                missed, missed_since, priority, attempt, max_attempts, not_before, lease, lease_owner, lease_until,
                created_at, started_at, finished_at, output, error, reason, tokens_in, tokens_out, prompt_digest, model,
                input, lane, former_scheduled_at)
            SELECT seq, id, state, trigger_name, agent, tool, event_id, revision, manifest_digest, scheduled_at,
                missed, missed_since, priority, attempt, max_attempts, not_before, lease, lease_owner, lease_until,
                created_at, started_at, finished_at, output, error, reason, tokens_in, tokens_out, prompt_digest, model,
                input, lane, former_scheduled_at FROM run ORDER BY seq;
        DROP TABLE run;
        ALTER TABLE run_anew RENAME TO run;

        CREATE UNIQUE INDEX run_instant ON run (trigger_name, scheduled_at) WHERE scheduled_at IS NOT NULL;
        CREATE INDEX run_former_instant ON run (trigger_name, former_scheduled_at)
            WHERE former_scheduled_at IS NOT NULL;
        CREATE INDEX run_lane ON run (
            CAST(coalesce(lane, CASE WHEN agent IS NULL THEN 'tool/' || tool ELSE 'agent/' || agent END) AS TEXT),
            priority, not_before)
            WHERE state = 'queued';
        CREATE INDEX run_later ON run (not_before)
            WHERE state = 'queued' AND (attempt > 0 OR not_before > created_at);
        CREATE INDEX run_trigger ON run (trigger_name, state);
        CREATE INDEX run_state ON run (state) WHERE state <> 'queued';
        CREATE INDEX run_agent ON run (agent, state) WHERE state <> 'queued';
        CREATE INDEX run_manifest ON run (manifest_digest) WHERE state <> 'queued' AND manifest_digest IS NOT NULL;

        CREATE TRIGGER run_ended AFTER UPDATE OF finished_at ON run
            WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL
        BEGIN
            INSERT INTO happening (kind, subject) VALUES ('run', NEW.id);
        END;
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

    /// The same of events. Their numbers are never given twice: what was sent to a former name is told by them.
    static let lighterEvents = """
        -- Numbers up to this one were given to events that are gone, or may be.
        CREATE TABLE removed_event (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            number INTEGER NOT NULL CHECK (number >= 0)
        ) STRICT;
        INSERT INTO removed_event (one, number) SELECT 1, seq FROM sqlite_sequence WHERE name = 'event';
        CREATE TRIGGER event_removed AFTER DELETE ON event
        BEGIN
            INSERT INTO removed_event (one, number) VALUES (1, OLD.seq)
                ON CONFLICT (one) DO UPDATE SET number = max(number, excluded.number);
        END;

        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
                'PRIMARY KEY AUTOINCREMENT', 'PRIMARY KEY'),
                ' CHECK (json_valid(headers))', ''),
                ' CHECK (decisions IS NULL OR json_valid(decisions))', '')
            WHERE type = 'table' AND name = 'event';
        PRAGMA writable_schema = RESET;
        DELETE FROM sqlite_sequence WHERE name = 'event';
        """
}
