/// What somebody has to look after at the machine itself.
enum Schema16 {
    static let alarms = """
        CREATE TABLE alarm (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            name TEXT NOT NULL CHECK (name <> ''),
            message TEXT NOT NULL,
            since INTEGER NOT NULL,
            ended_at INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX alarm_open ON alarm (name) WHERE ended_at IS NULL;
        """
}
