/// Which commit said what the repository says of itself, and what was in force for that commit.
enum Schema19 {
    static let earlierSettings = """
        ALTER TABLE repository_settings ADD COLUMN commit_id TEXT;
        ALTER TABLE repository_settings ADD COLUMN earlier TEXT;
        """
}
