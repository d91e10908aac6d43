/// Channels whose receivers want no more messages.
enum Schema13 {
    static let closedChannels = """
        CREATE TABLE closed_channel (
            channel TEXT PRIMARY KEY NOT NULL CHECK (channel <> ''),
            digest TEXT NOT NULL,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
