/// The first schema. Times are milliseconds since 1970 UTC; JSON is canonical text; `seq` is the order of arrival,
/// which pages follow.
enum Schema1 {
    static let configuration = """
        CREATE TABLE revision (
            number INTEGER PRIMARY KEY NOT NULL CHECK (number > 0),
            commit_id TEXT NOT NULL CHECK (commit_id <> ''),
            branch TEXT,
            directory TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            plan_digest TEXT NOT NULL,
            summary TEXT NOT NULL CHECK (json_valid(summary)),
            actor TEXT NOT NULL
        ) STRICT;

        CREATE TABLE manifest (
            digest TEXT PRIMARY KEY NOT NULL,
            body TEXT NOT NULL CHECK (json_valid(body))
        ) STRICT;

        -- In force from from_revision on, and no longer at to_revision.
        CREATE TABLE resource_version (
            seq INTEGER PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL CHECK (kind <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            digest TEXT NOT NULL REFERENCES manifest (digest),
            path TEXT NOT NULL,
            line INTEGER NOT NULL CHECK (line > 0),
            column_number INTEGER NOT NULL CHECK (column_number > 0),
            from_revision INTEGER NOT NULL REFERENCES revision (number),
            to_revision INTEGER REFERENCES revision (number) CHECK (to_revision > from_revision),
            UNIQUE (kind, name, from_revision)
        ) STRICT;
        CREATE UNIQUE INDEX resource_in_force ON resource_version (kind, name) WHERE to_revision IS NULL;

        CREATE TABLE revision_change (
            revision INTEGER NOT NULL REFERENCES revision (number),
            position INTEGER NOT NULL CHECK (position >= 0),
            action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete')),
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            reason TEXT NOT NULL,
            fields TEXT NOT NULL CHECK (json_valid(fields)),
            PRIMARY KEY (revision, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX revision_change_resource ON revision_change (kind, name, revision);

        CREATE TABLE observation (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            commit_id TEXT,
            branch TEXT,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'unchanged', 'rejected', 'unreadable')),
            revision INTEGER REFERENCES revision (number),
            message TEXT NOT NULL,
            diagnostics TEXT NOT NULL CHECK (json_valid(diagnostics))
        ) STRICT;

        CREATE TABLE schedule_cursor (
            trigger_name TEXT PRIMARY KEY NOT NULL,
            instant INTEGER NOT NULL,
            spec_digest TEXT NOT NULL
        ) STRICT;
        """

    static let work = """
        CREATE TABLE event (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            id TEXT UNIQUE NOT NULL,
            endpoint TEXT NOT NULL,
            dedupe_key TEXT,
            name TEXT NOT NULL,
            source TEXT NOT NULL,
            payload TEXT NOT NULL CHECK (json_valid(payload)),
            headers TEXT NOT NULL CHECK (json_valid(headers)),
            received_at INTEGER NOT NULL,
            body_digest TEXT NOT NULL,
            decisions TEXT CHECK (decisions IS NULL OR json_valid(decisions)),
            UNIQUE (endpoint, dedupe_key)
        ) STRICT;

        -- attempt counts those begun; lease counts the takings, and with its owner is the fence of a completion.
        CREATE TABLE run (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            id TEXT UNIQUE NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'awaitingApproval', 'succeeded', 'failed',
                'cancelled', 'skipped', 'discarded', 'unknown')),
            trigger_name TEXT,
            agent TEXT,
            tool TEXT,
            event_id TEXT REFERENCES event (id),
            revision INTEGER NOT NULL REFERENCES revision (number),
            manifest_digest TEXT REFERENCES manifest (digest),
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
            input TEXT CHECK (input IS NULL OR json_valid(input)),
            UNIQUE (event_id, trigger_name),
            UNIQUE (trigger_name, scheduled_at),
            CHECK ((agent IS NULL) <> (tool IS NULL)),
            CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
            CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
            CHECK ((state IN ('queued', 'running', 'awaitingApproval')) = (finished_at IS NULL))
        ) STRICT;
        CREATE INDEX run_queue ON run (priority DESC, not_before, seq) WHERE state = 'queued';
        CREATE INDEX run_due ON run (not_before) WHERE state = 'queued';
        CREATE INDEX run_state ON run (state);
        CREATE INDEX run_agent ON run (agent, state);
        CREATE INDEX run_trigger ON run (trigger_name, state);

        CREATE TABLE delivery (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            id TEXT UNIQUE NOT NULL,
            run_id TEXT REFERENCES run (id),
            channel TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'delivered', 'failed', 'discarded')),
            attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
            max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
            not_before INTEGER NOT NULL,
            lease INTEGER NOT NULL DEFAULT 0 CHECK (lease >= 0),
            lease_owner TEXT,
            lease_until INTEGER,
            message_id TEXT NOT NULL,
            body TEXT NOT NULL CHECK (json_valid(body)),
            created_at INTEGER NOT NULL,
            finished_at INTEGER,
            last_error TEXT,
            response_status INTEGER,
            CHECK ((state = 'sending') = (lease_owner IS NOT NULL)),
            CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
            CHECK ((state IN ('queued', 'sending')) = (finished_at IS NULL))
        ) STRICT;
        CREATE INDEX delivery_due ON delivery (not_before, seq) WHERE state = 'queued';
        CREATE INDEX delivery_state ON delivery (state);
        CREATE INDEX delivery_run ON delivery (run_id);
        """

    static let traces = """
        CREATE TABLE run_attempt (
            run_id TEXT NOT NULL REFERENCES run (id),
            attempt INTEGER NOT NULL CHECK (attempt > 0),
            owner TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            finished_at INTEGER,
            outcome TEXT,
            error TEXT,
            PRIMARY KEY (run_id, attempt)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE step (
            run_id TEXT NOT NULL REFERENCES run (id),
            lease INTEGER NOT NULL,
            number INTEGER NOT NULL CHECK (number > 0),
            attempt INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('model', 'tool')),
            name TEXT NOT NULL,
            repeatable INTEGER NOT NULL CHECK (repeatable IN (0, 1)),
            started_at INTEGER NOT NULL,
            finished_at INTEGER,
            tokens_in INTEGER NOT NULL,
            tokens_out INTEGER NOT NULL,
            request_digest TEXT,
            request TEXT CHECK (request IS NULL OR json_valid(request)),
            response TEXT CHECK (response IS NULL OR json_valid(response)),
            error TEXT,
            PRIMARY KEY (run_id, lease, number)
        ) STRICT;
        """
}
