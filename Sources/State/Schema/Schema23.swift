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

    /// What is added to the record of the files counts like what is there.
    static let sourceAdditions = """
        CREATE TRIGGER source_file_added AFTER INSERT ON source_file
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_file');
        END;
        CREATE TRIGGER source_inclusion_added AFTER INSERT ON source_inclusion
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_inclusion');
        END;
        CREATE TRIGGER resource_reference_added AFTER INSERT ON resource_reference
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('resource_reference');
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
