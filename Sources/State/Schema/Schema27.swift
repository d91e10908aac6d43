/// Instants of schedules whose trigger's name is another's by now.
enum Schema27 {
    /// `former_scheduled_at`: the instant of a run whose trigger had the name before another one, which has a row of its own
    /// for that instant. `scheduled_at` is NULL then: by name and instant there is one row.
    static let formerInstants = """
        ALTER TABLE run ADD COLUMN former_scheduled_at INTEGER
            CHECK (former_scheduled_at IS NULL OR scheduled_at IS NULL);
        CREATE INDEX run_former_instant ON run (trigger_name, former_scheduled_at)
            WHERE former_scheduled_at IS NOT NULL;
        """
}
