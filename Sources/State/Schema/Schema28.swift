/// Where whoever sent an event waits for an answer.
enum Schema28 {
    /// `url` lets anybody answer who knows it, which is why it is no part of the event. Rows go when they are over.
    static let answers = """
        CREATE TABLE answer_address (
            event_id TEXT PRIMARY KEY NOT NULL REFERENCES event (id),
            url TEXT NOT NULL CHECK (url <> ''),
            until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX answer_address_until ON answer_address (until);
        """
}
