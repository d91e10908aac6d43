CREATE TABLE alarm (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    message TEXT NOT NULL,
    since INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE TABLE alteration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE TABLE cleanup (
    part TEXT PRIMARY KEY NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed >= 0),
    finished_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE closed_channel (
    channel TEXT PRIMARY KEY NOT NULL CHECK (channel <> ''),
    digest TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT UNIQUE NOT NULL,
    endpoint TEXT NOT NULL,
    dedupe_key TEXT,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    payload TEXT NOT NULL,
    headers TEXT NOT NULL CHECK (json_valid(headers)),
    received_at INTEGER NOT NULL,
    body_digest TEXT NOT NULL,
    decisions TEXT CHECK (decisions IS NULL OR json_valid(decisions)),
    UNIQUE (endpoint, dedupe_key)
) STRICT;
CREATE TABLE event_key (
    endpoint TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    event TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body_digest TEXT NOT NULL,
    UNIQUE (endpoint, dedupe_key)
) STRICT;
CREATE TABLE happening (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('run', 'revision', 'observation')),
    subject TEXT NOT NULL
) STRICT;
INSERT INTO "happening" VALUES(1,'revision','1');
CREATE TABLE manifest (
    digest TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
INSERT INTO "manifest" VALUES('sha256:c68ac54f4b10b0bf7eca688f780a176b88bf18659a030d2f9a922cfd8d561879','{"apiVersion":"writ/v1","kind":"Agent","metadata":{"name":"greeter"},"spec":{"description":"Greets whatever happens, in one sentence.","limits":{"maxSteps":2,"timeout":"30s"},"model":{"name":"recorded","provider":"replay"},"systemPrompt":{"file":"prompts/greeter.md","text":"You greet people in one friendly sentence. You are told what happened: a tick of the clock, or a pull request that\nsomebody opened. Never promise anything.\n"}}}');
INSERT INTO "manifest" VALUES('sha256:1318c94c7bc637a2c8c4a0406547f825c6b15a21323ac0ea3dd5ab4dc6f42b99','{"apiVersion":"writ/v1","kind":"Provider","metadata":{"name":"replay"},"spec":{"transcripts":{"file":"transcripts/greeter.jsonl","text":"{\"agent\":\"greeter\",\"message\":{\"content\":\"Hello, and welcome! (A recorded answer: the replay provider stands in for a model.)\"},\"step\":1,\"usage\":{\"input\":64,\"output\":19}}\n"},"type":"replay"}}');
INSERT INTO "manifest" VALUES('sha256:6ac1578cf23596253cefa62fde77209a1e19d9633c58f69851645b7205e0f42c','{"apiVersion":"writ/v1","kind":"Trigger","metadata":{"name":"every-minute"},"spec":{"agent":"greeter","description":"Shows that the clock runs.","input":"It is {{scheduledAt}}. Greet the team.","schedule":{"cron":"* * * * *"}}}');
INSERT INTO "manifest" VALUES('sha256:9b48dbd5fdc7b852c71855175bcbc5db064aeb8feae297172f26819b1008225c','{"apiVersion":"writ/v1","kind":"Trigger","metadata":{"name":"greet-pull-request"},"spec":{"agent":"greeter","description":"Greets whoever opens a pull request. GitHub sends to /hooks/greet-pull-request.","input":"{{payload.pull_request.user.login}} opened pull request {{payload.number}} in {{payload.repository.full_name}}:\n{{payload.pull_request.title}}\n","webhook":{"events":["pull_request.opened"],"secret":{"env":"QUICKSTART_WEBHOOK_SECRET"},"source":"github"}}}');
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
INSERT INTO "observation" VALUES(1,'012c4a61a27fdd52028c9d92d5af43b53159612a','main',1796042980787,1796042980787,'applied',1,'Plan: 4 to create, 0 to update, 0 to delete; 0 unchanged; 1 setting to change.','[]');
CREATE TABLE open_circuit (
    origin TEXT PRIMARY KEY NOT NULL CHECK (origin <> ''),
    failures INTEGER NOT NULL CHECK (failures > 0),
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    error TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE override (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    pointer TEXT NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value)),
    reason TEXT NOT NULL CHECK (reason <> ''),
    actor TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER CHECK (until > since),
    ended_at INTEGER,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;
CREATE TABLE queue_lane (
    lane TEXT NOT NULL CHECK (lane <> ''),
    priority INTEGER NOT NULL,
    waiting INTEGER NOT NULL CHECK (waiting >= 0),
    turn INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (lane, priority)
) STRICT, WITHOUT ROWID;
CREATE TABLE recording (revision INTEGER NOT NULL) STRICT;
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
CREATE TABLE repository_settings (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    settings TEXT NOT NULL CHECK (json_valid(settings))
, commit_id TEXT, earlier TEXT) STRICT;
INSERT INTO "repository_settings" VALUES(1,'{"exclude":["payloads/**","drafts/**"]}','012c4a61a27fdd52028c9d92d5af43b53159612a',NULL);
CREATE TABLE resource_note (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    renamed_from TEXT,
    advice TEXT NOT NULL CHECK (json_valid(advice)),
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "resource_note" VALUES('Trigger','every-minute',NULL,'[{"code":"frequent-schedule","column":20,"fix":"fire less often, such as `*/5 * * * *`, unless each run is wanted","line":9,"message":"Trigger/every-minute fires 1440 times a day","path":"triggers/every-minute.yaml","severity":"warning"}]');
CREATE TABLE resource_reference (
    target_kind TEXT NOT NULL,
    target_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    is_use INTEGER NOT NULL CHECK (is_use IN (0, 1)),
    PRIMARY KEY (target_kind, target_name, kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "resource_reference" VALUES('Agent','greeter','Trigger','every-minute',1);
INSERT INTO "resource_reference" VALUES('Agent','greeter','Trigger','greet-pull-request',1);
INSERT INTO "resource_reference" VALUES('Provider','replay','Agent','greeter',1);
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
INSERT INTO "resource_version" VALUES(1,'Agent','greeter','sha256:c68ac54f4b10b0bf7eca688f780a176b88bf18659a030d2f9a922cfd8d561879','agents/greeter.yaml',1,1,1,NULL);
INSERT INTO "resource_version" VALUES(2,'Provider','replay','sha256:1318c94c7bc637a2c8c4a0406547f825c6b15a21323ac0ea3dd5ab4dc6f42b99','providers/replay.yaml',5,1,1,NULL);
INSERT INTO "resource_version" VALUES(3,'Trigger','every-minute','sha256:6ac1578cf23596253cefa62fde77209a1e19d9633c58f69851645b7205e0f42c','triggers/every-minute.yaml',1,1,1,NULL);
INSERT INTO "resource_version" VALUES(4,'Trigger','greet-pull-request','sha256:9b48dbd5fdc7b852c71855175bcbc5db064aeb8feae297172f26819b1008225c','triggers/greet-pull-request.yaml',1,1,1,NULL);
CREATE TABLE restoration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    digest TEXT NOT NULL,
    restored_at INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT;
CREATE TABLE revision (
    number INTEGER PRIMARY KEY NOT NULL CHECK (number > 0),
    commit_id TEXT NOT NULL CHECK (commit_id <> ''),
    branch TEXT,
    directory TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    plan_digest TEXT NOT NULL,
    summary TEXT NOT NULL CHECK (json_valid(summary)),
    actor TEXT NOT NULL
, undoes INTEGER REFERENCES revision (number), undoes_kind TEXT, undoes_name TEXT) STRICT;
INSERT INTO "revision" VALUES(1,'012c4a61a27fdd52028c9d92d5af43b53159612a','main','',1796042980787,'sha256:896a7ca9a305d55178496a8f91f3d21fc743960a48b150df11fab4c33b5dcc49','{"create":4,"delete":0,"move":0,"rename":0,"replace":0,"unchanged":0,"update":0}','root',NULL,NULL,NULL);
CREATE TABLE "revision_change" (
    revision INTEGER NOT NULL REFERENCES revision (number),
    position INTEGER NOT NULL CHECK (position >= 0),
    action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete', 'rename')),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    former_name TEXT CHECK (former_name <> name),
    reason TEXT NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    PRIMARY KEY (revision, position),
    CHECK ((action = 'rename') = (former_name IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO "revision_change" VALUES(1,0,'create','Agent','greeter',NULL,'nothing was applied yet','[]');
INSERT INTO "revision_change" VALUES(1,1,'create','Provider','replay',NULL,'nothing was applied yet','[]');
INSERT INTO "revision_change" VALUES(1,2,'create','Trigger','every-minute',NULL,'nothing was applied yet','[]');
INSERT INTO "revision_change" VALUES(1,3,'create','Trigger','greet-pull-request',NULL,'nothing was applied yet','[]');
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
CREATE TABLE schedule_cursor (
    trigger_name TEXT PRIMARY KEY NOT NULL,
    instant INTEGER NOT NULL,
    spec_digest TEXT NOT NULL
, next_at INTEGER, basis TEXT) STRICT;
INSERT INTO "schedule_cursor" VALUES('every-minute',1796042980787,'sha256:70969ea4d6320f7b443c67d4b75b55e2b62dbcb28051f369a83e1fc57e122b80',1796043000000,'1 UTC 0');
CREATE TABLE settings_copy (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    commit_id TEXT,
    earlier TEXT,
    digest TEXT NOT NULL
) STRICT;
INSERT INTO "settings_copy" VALUES(1,'{"exclude":["payloads/**","drafts/**"]}','012c4a61a27fdd52028c9d92d5af43b53159612a',NULL,'sha256:9d5c2797247164091a039ba1cc02089d8a5a2b9a73ce8bf723694a18426ef707');
CREATE TABLE source_alteration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    part TEXT NOT NULL
) STRICT;
CREATE TABLE source_file (
    path TEXT PRIMARY KEY NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('manifest', 'settings', 'included', 'unread')),
    blob TEXT NOT NULL,
    size INTEGER NOT NULL,
    declares TEXT NOT NULL CHECK (json_valid(declares)),
    includes TEXT NOT NULL CHECK (json_valid(includes)),
    diagnostics TEXT CHECK (diagnostics IS NULL OR json_valid(diagnostics)),
    each_time INTEGER NOT NULL CHECK (each_time IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO "source_file" VALUES('agents/greeter.yaml','manifest','4c78a86bfc5cee629a5eb50a4638819261b9471a',249,'["Agent","greeter"]','["prompts/greeter.md"]',NULL,0);
INSERT INTO "source_file" VALUES('prompts/greeter.md','included','7575b50b99d9a923bf53402f518581af014eb1be',156,'[]','[]',NULL,0);
INSERT INTO "source_file" VALUES('providers/replay.yaml','manifest','4f0ebd90fd1b0de56d7d61e7cb91b416a6832a2c',319,'["Provider","replay"]','["transcripts/greeter.jsonl"]',NULL,0);
INSERT INTO "source_file" VALUES('transcripts/greeter.jsonl','included','649f60bf04a261c5606bd1f16bed19ba2ec329ab',170,'[]','[]',NULL,0);
INSERT INTO "source_file" VALUES('triggers/every-minute.yaml','manifest','fad169bb37361c0c3f7f525f63059279d9307cff',321,'["Trigger","every-minute"]','[]',NULL,0);
INSERT INTO "source_file" VALUES('triggers/greet-pull-request.yaml','manifest','8bb0a28c5102941eea199b9b3a8022cb45265223',460,'["Trigger","greet-pull-request"]','[]',NULL,0);
INSERT INTO "source_file" VALUES('writ.yaml','settings','2341e57e47c828a3c73e150a2fcf0acad40a7dd0',184,'[]','[]',NULL,0);
CREATE TABLE source_inclusion (
    included TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (included, path)
) STRICT, WITHOUT ROWID;
INSERT INTO "source_inclusion" VALUES('prompts/greeter.md','agents/greeter.yaml');
INSERT INTO "source_inclusion" VALUES('transcripts/greeter.jsonl','providers/replay.yaml');
CREATE TABLE source_index (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    commit_id TEXT NOT NULL CHECK (commit_id <> ''),
    directory TEXT NOT NULL,
    revision INTEGER NOT NULL,
    reader TEXT NOT NULL,
    serial INTEGER NOT NULL,
    manifests INTEGER NOT NULL CHECK (manifests >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    counts TEXT NOT NULL CHECK (json_valid(counts))
) STRICT;
INSERT INTO "source_index" VALUES(1,'012c4a61a27fdd52028c9d92d5af43b53159612a','',1,'0.1.0',1,4,1349,'{"Agent":1,"Provider":1,"Trigger":2}');
CREATE TABLE source_writing (one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1)) STRICT;
CREATE TABLE stale_resource (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    is_applied INTEGER NOT NULL CHECK (is_applied IN (0, 1)),
    commit_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    diagnostics TEXT NOT NULL CHECK (json_valid(diagnostics)),
    PRIMARY KEY (kind, name)
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
CREATE TABLE tombstone (
    kind TEXT NOT NULL CHECK (kind <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    revision INTEGER NOT NULL REFERENCES revision (number),
    deleted_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL CHECK (expires_at >= deleted_at),
    cursor_instant INTEGER,
    cursor_digest TEXT,
    PRIMARY KEY (kind, name),
    CHECK ((cursor_instant IS NULL) = (cursor_digest IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX resource_in_force ON resource_version (kind, name) WHERE to_revision IS NULL;
CREATE INDEX run_due ON run (not_before) WHERE state = 'queued';
CREATE INDEX run_state ON run (state);
CREATE INDEX run_agent ON run (agent, state);
CREATE INDEX run_trigger ON run (trigger_name, state);
CREATE INDEX delivery_due ON delivery (not_before, seq) WHERE state = 'queued';
CREATE INDEX delivery_state ON delivery (state);
CREATE INDEX delivery_run ON delivery (run_id);
CREATE INDEX revision_change_resource ON revision_change (kind, name, revision);
CREATE INDEX revision_change_former ON revision_change (kind, former_name, revision)
    WHERE former_name IS NOT NULL;
CREATE INDEX source_file_diagnostics ON source_file (path) WHERE diagnostics IS NOT NULL;
CREATE INDEX source_file_each_time ON source_file (path) WHERE each_time = 1;
CREATE INDEX resource_note_renamed ON resource_note (kind, renamed_from) WHERE renamed_from IS NOT NULL;
CREATE INDEX tombstone_expiry ON tombstone (expires_at);
CREATE INDEX resource_version_digest ON resource_version (digest);
CREATE INDEX run_manifest ON run (manifest_digest) WHERE manifest_digest IS NOT NULL;
CREATE UNIQUE INDEX override_in_force ON override (kind, name, pointer) WHERE ended_at IS NULL;
CREATE TRIGGER manifest_altered AFTER UPDATE ON manifest
BEGIN
    INSERT INTO alteration (digest) VALUES (old.digest);
END;
CREATE TRIGGER version_altered AFTER UPDATE OF kind, name, digest, from_revision ON resource_version
BEGIN
    INSERT INTO alteration (digest) VALUES (old.digest);
END;
CREATE TRIGGER version_removed AFTER DELETE ON resource_version WHEN old.to_revision IS NULL
BEGIN
    INSERT INTO alteration (digest) VALUES (old.digest);
END;
CREATE TRIGGER run_ended AFTER UPDATE OF finished_at ON run
    WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL
BEGIN
    INSERT INTO happening (kind, subject) VALUES ('run', NEW.id);
END;
CREATE TRIGGER revision_made AFTER INSERT ON revision
BEGIN
    INSERT INTO happening (kind, subject) VALUES ('revision', NEW.number);
END;
CREATE TRIGGER commit_refused AFTER INSERT ON observation WHEN NEW.outcome IN ('rejected', 'unreadable')
BEGIN
    INSERT INTO happening (kind, subject) VALUES ('observation', NEW.seq);
END;
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
CREATE INDEX run_lane ON run (
    CAST(CASE WHEN agent IS NULL THEN 'tool/' || tool ELSE 'agent/' || agent END AS TEXT), priority, not_before)
    WHERE state = 'queued';
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
CREATE INDEX registration_due ON registration (due_at);
CREATE INDEX missed_delivery_due ON missed_delivery (registration, due_at) WHERE state = 'waiting';
CREATE INDEX missed_delivery_settled ON missed_delivery (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX event_key_age ON event_key (received_at);
CREATE INDEX delivery_lane ON delivery (channel, not_before) WHERE state = 'queued';
CREATE UNIQUE INDEX alarm_open ON alarm (name) WHERE ended_at IS NULL;
CREATE INDEX queue_turn ON queue_lane (priority DESC, turn);
CREATE INDEX schedule_next ON schedule_cursor (basis, next_at);
CREATE TRIGGER settings_altered AFTER UPDATE ON repository_settings
BEGIN
    INSERT INTO alteration (digest) VALUES ('settings');
END;
CREATE TRIGGER settings_removed AFTER DELETE ON repository_settings
BEGIN
    INSERT INTO alteration (digest) VALUES ('settings');
END;
CREATE TRIGGER source_index_altered AFTER UPDATE ON source_index
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('source_index');
END;
CREATE TRIGGER source_file_altered AFTER UPDATE ON source_file
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('source_file');
END;
CREATE TRIGGER source_file_removed AFTER DELETE ON source_file
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('source_file');
END;
CREATE TRIGGER source_inclusion_altered AFTER UPDATE ON source_inclusion
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('source_inclusion');
END;
CREATE TRIGGER source_inclusion_removed AFTER DELETE ON source_inclusion
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('source_inclusion');
END;
CREATE TRIGGER resource_reference_altered AFTER UPDATE ON resource_reference
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('resource_reference');
END;
CREATE TRIGGER resource_reference_removed AFTER DELETE ON resource_reference
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('resource_reference');
END;
CREATE TRIGGER resource_note_altered AFTER UPDATE ON resource_note
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('resource_note');
END;
CREATE TRIGGER resource_note_removed AFTER DELETE ON resource_note
    WHEN NOT EXISTS (SELECT 1 FROM source_writing)
BEGIN
    INSERT INTO source_alteration (part) VALUES ('resource_note');
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('happening',1);
INSERT INTO "sqlite_sequence" VALUES('alteration',0);
INSERT INTO "sqlite_sequence" VALUES('source_alteration',0);
INSERT INTO "sqlite_sequence" VALUES('observation',1);
