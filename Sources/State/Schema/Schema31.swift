/// How a run ended of which triggers have not heard yet, where it went on since.
enum Schema31 {
    static let formerEnds = """
        -- Empty while the run's own row says it.
        ALTER TABLE happening ADD COLUMN state TEXT;
        ALTER TABLE happening ADD COLUMN attempt INTEGER CHECK (attempt >= 0);
        ALTER TABLE happening ADD COLUMN output TEXT;
        ALTER TABLE happening ADD COLUMN error TEXT;
        ALTER TABLE happening ADD COLUMN reason TEXT;

        CREATE TRIGGER run_went_on AFTER UPDATE OF state ON run
            WHEN OLD.finished_at IS NOT NULL AND NEW.state <> OLD.state
        BEGIN
            UPDATE happening SET state = OLD.state, attempt = OLD.attempt, output = OLD.output, error = OLD.error,
                reason = OLD.reason
            WHERE kind = 'run' AND subject = OLD.id AND state IS NULL;
            INSERT INTO happening (kind, subject)
                SELECT 'run', NEW.id WHERE NEW.state = 'discarded' AND OLD.state <> 'skipped';
        END;
        """
}
