/// What happens in writ itself, until triggers have heard of it.
enum Schema8 {
    /// SQLite's own triggers write it, so that no way to end a run, to apply or to refuse forgets it.
    static let happenings = """
        CREATE TABLE happening (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('run', 'revision', 'observation')),
            subject TEXT NOT NULL
        ) STRICT;

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
        """
}
