/// When each schedule fires next, so that a start looks it up and works nothing out.
enum Schema18 {
    /// `basis`: by which rules `next_at` was worked out; NULL where it was not. `next_at`: NULL where there is never one.
    static let upcoming = """
        ALTER TABLE schedule_cursor ADD COLUMN next_at INTEGER;
        ALTER TABLE schedule_cursor ADD COLUMN basis TEXT;
        CREATE INDEX schedule_next ON schedule_cursor (basis, next_at);
        """
}
