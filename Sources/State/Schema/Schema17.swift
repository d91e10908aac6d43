/// What each event that comes in costs less by.
enum Schema17 {
    /// The payload is checked by the one strict reader before it comes here. SQLite would read all of it once more, which
    /// took a third of the time of storing it. Taking out a check changes nothing of the file but this text
    /// (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
    static let lighterEvents = """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, ' CHECK (json_valid(payload))', '')
            WHERE type = 'table' AND name = 'event';
        PRAGMA writable_schema = RESET;
        """

    /// Runs that come into the queue are counted where they are inserted, which is one place. A trigger makes SQLite keep a
    /// copy of every page that the row's indexes touch, so that it could take back the half of it.
    static let arrivals = """
        DROP TRIGGER run_queued;
        """

    /// Of all lanes: an index of those alone in which something waits was written anew whenever that number changed.
    static let turns = """
        DROP INDEX queue_turn;
        CREATE INDEX queue_turn ON queue_lane (priority DESC, turn);
        """
}
