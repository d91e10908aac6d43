/// What others than Writ do to the record of the files.
enum Schema21 {
    static let sourceAlterations = """
        -- Has its row inside of the transactions that write the record, and never outside.
        CREATE TABLE source_writing (one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1)) STRICT;

        -- Filled by the triggers below alone. What is added can only make Writ read more than it has to.
        CREATE TABLE source_alteration (
            seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
            part TEXT NOT NULL
        ) STRICT;

        CREATE TRIGGER source_index_altered AFTER UPDATE ON source_index
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_index');
        END;
        CREATE TRIGGER source_file_altered AFTER UPDATE ON source_file
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_file');
        END;
        CREATE TRIGGER source_file_removed AFTER DELETE ON source_file
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_file');
        END;
        CREATE TRIGGER source_inclusion_altered AFTER UPDATE ON source_inclusion
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_inclusion');
        END;
        CREATE TRIGGER source_inclusion_removed AFTER DELETE ON source_inclusion
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('source_inclusion');
        END;
        CREATE TRIGGER resource_reference_altered AFTER UPDATE ON resource_reference
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('resource_reference');
        END;
        CREATE TRIGGER resource_reference_removed AFTER DELETE ON resource_reference
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('resource_reference');
        END;
        CREATE TRIGGER resource_note_altered AFTER UPDATE ON resource_note
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('resource_note');
        END;
        CREATE TRIGGER resource_note_removed AFTER DELETE ON resource_note
            WHEN NOT EXISTS (SELECT 1 FROM source_writing)
        BEGIN
            INSERT INTO source_alteration (part) VALUES ('resource_note');
        END;
        """
}
