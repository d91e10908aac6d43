/// More of what others than Writ do to what it records.
enum Schema23 {
    /// The copy tells what was altered: without it nothing would, and a state without one is an earlier version's.
    static let settingsCopyAlterations = """
        CREATE TRIGGER settings_copy_altered AFTER UPDATE ON settings_copy
        BEGIN
            INSERT INTO alteration (digest) VALUES ('settings copy');
        END;
        CREATE TRIGGER settings_copy_removed AFTER DELETE ON settings_copy
        BEGIN
            INSERT INTO alteration (digest) VALUES ('settings copy');
        END;
        """

    /// What is added to the record of the files counts like what is there. Not so what names or includes something: that can
    /// only make more be read than has to be, there are many of these, and each would make recording them take longer.
    static let sourceAdditions = """
        CREATE TRIGGER source_file_added AFTER INSERT ON source_file
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_file');
        END;
        CREATE TRIGGER resource_note_added AFTER INSERT ON resource_note
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('resource_note');
        END;
        CREATE TRIGGER source_index_added AFTER INSERT ON source_index
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_index');
        END;
        """
}
